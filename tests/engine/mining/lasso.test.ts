import { describe, expect, test } from "vitest";
import { fitLasso } from "../../../engine/mining/churn/lasso.ts";
import { fitLogistic, sigmoid } from "../../../engine/mining/churn/logistic.ts";
import { normalOf, randomOf } from "./_data.ts";

const random = randomOf(5);
const normal = normalOf(random);
const columns = Array.from({ length: 6 }, () => Float64Array.from({ length: 1500 }, normal));
const y = Float64Array.from({ length: 1500 }, (_, i) =>
  random() < sigmoid(-0.5 + 1.2 * columns[0]![i]! - 0.8 * columns[1]![i]! + 0.03 * columns[2]![i]!) ? 1 : 0,
);

describe("logistic regression with an absolute penalty", () => {
  test("equals the exact fit without a penalty, and the ridge fit with squares alone", () => {
    fitLasso(columns, y, { l1: 0 }).coefficients.forEach((b, j) =>
      expect(b).toBeCloseTo(fitLogistic(columns, y).coefficients[j]!, 5),
    );
    fitLasso(columns, y, { l1: 0, l2: 40 }).coefficients.forEach((b, j) =>
      expect(b).toBeCloseTo(fitLogistic(columns, y, { l2: 40 }).coefficients[j]!, 5),
    );
  });
  test("meets the conditions of the optimum for zero and non-zero coefficients", () => {
    const l1 = 50;
    const { coefficients } = fitLasso(columns, y, { l1 });
    expect(coefficients.slice(1).map((b) => b !== 0)).toEqual([true, true, false, false, false, false]);
    const residual = y.map(
      (v, i) => v - sigmoid(coefficients[0]! + columns.reduce((sum, c, j) => sum + coefficients[j + 1]! * c[i]!, 0)),
    );
    columns.forEach((c, j) => {
      const slope = c.reduce((sum, v, i) => sum + v * residual[i]!, 0);
      if (coefficients[j + 1] === 0) expect(Math.abs(slope)).toBeLessThanOrEqual(l1 + 1e-4);
      else expect(slope).toBeCloseTo(Math.sign(coefficients[j + 1]!) * l1, 3);
    });
  });
});
