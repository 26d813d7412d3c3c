import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TECHNIQUES } from "../../../engine/mining/techniques.ts";
import { present } from "../../../engine/lookup.ts";
import { LAB_MODELS, labRows, ofMembers, openLab, upTo, type Lab, type LabRows } from "./_lab.ts";

const DAY = "2025-03-30";
const rows = labRows();
const few = ofMembers(rows, 400);
/** these need hundreds who did and hundreds who did not */
const LARGE = new Set<string>(["logistic", "boosting", "response", "uplift"]);
const labs = new Map<LabRows, Lab>();
beforeAll(async () => {
  for (const each of [rows, few]) for (const facts of [each, upTo(each, DAY)]) labs.set(facts, await openLab(facts));
});
afterAll(async () => {
  for (const lab of labs.values()) await lab.close();
});
/** what was known on the day, and all that is known now */
const labsOf = (technique: string): readonly [Lab, Lab] => {
  const [all, largeCut, small, smallCut] = [...labs.values()];
  const [cut, whole] = LARGE.has(technique) ? [largeCut, all] : [smallCut, small];
  return [present(cut, "a lab"), present(whole, "a lab")];
};

test("has facts of every kind after the day, and a model of every technique", () => {
  const before = upTo(rows, DAY);
  for (const kind of ["sales", "touches", "mailings"] as const)
    expect(rows[kind].length - before[kind].length, kind).toBeGreaterThan(500);
  expect(LAB_MODELS.map(({ technique }) => technique).sort()).toEqual(Object.keys(TECHNIQUES).sort());
});

describe("as of a day, a model", () => {
  test.each(LAB_MODELS.map(({ technique, name }) => [technique, name]))(
    "by %s finds what it would have found on that day: later facts change nothing",
    async (technique, name) => {
      const [cut, whole] = labsOf(technique);
      const [then, now] = [await cut.mine(name, DAY), await whole.mine(name, DAY)];
      const { fingerprint: _a, ...asThen } = then.report;
      const { fingerprint: _b, ...asNow } = now.report;
      expect(asNow).toEqual(asThen);
      expect(now.labels).toEqual(then.labels);
    },
  );

  test("differs from the model of a later day, so that the comparison could fail", async () => {
    const [, whole] = labsOf("rfm");
    for (const name of ["rfm", "kinds", "ways", "together", "credit", "why"]) {
      const [then, later] = [await whole.mine(name, DAY), await whole.mine(name, "2025-07-31")];
      expect([later.labels, later.report.sections], name).not.toEqual([then.labels, then.report.sections]);
    }
  });
});
