import { describe, expect, test } from "vitest";
import type { CubeSpec } from "../../../engine/model/cube.ts";
import { resolveModel } from "../../../engine/model/resolve-model.ts";
import { count, countDistinct, defineCube, defineProject, lastValue, sum } from "../../../engine/model/index.ts";

/** As JavaScript may call it. */
const loose = <T>(value: unknown): T => value as T;

describe("an argument that is neither a column nor an expression is a problem of its measure", () => {
  test.each([
    ["a number", () => sum(loose(12)), "sum takes a column or { sql }; got 12"],
    ["a list", () => sum(loose(["amount"])), 'sum takes a column or { sql }; got ["amount"]'],
    ["null", () => sum(loose(null)), "sum takes a column or { sql }; got null"],
    ["an expression that is not a text", () => sum(loose({ sql: 3 })), 'sum takes a column or { sql }; got {"sql":3}'],
    ["a counted number", () => count(loose(12)), "count takes a column or { sql }; got 12"],
    ["a function", () => countDistinct(loose(() => 1)), "count_distinct takes a column or { sql }; got function"],
    ["a last value", () => lastValue(loose(true), { over: "date" }), "last value takes a column or { sql }; got true"],
    ["nothing", () => sum(loose(undefined)), "the argument of sum is missing"],
  ])("%s", (_, measure, message) => {
    const sales = defineCube({ name: "sales", table: "sales", dimensions: {}, measures: { x: measure() } });
    const { problems } = resolveModel(
      defineProject({ name: "shop", warehouse: { path: "w" }, dimensions: [], cubes: [sales] }),
    );
    expect(problems).toContainEqual(expect.objectContaining({ place: "sales.x", message, code: "model-invalid" }));
  });
});

describe("what a project leaves out counts as empty", () => {
  test("a cube without dimensions or measures", () => {
    const sales = defineCube(loose<CubeSpec>({ name: "sales", table: "sales" }));
    const { catalog, problems } = resolveModel(
      defineProject({ name: "shop", warehouse: { path: "w" }, dimensions: [], cubes: [sales] }),
    );
    expect(problems).toEqual([]);
    expect([...(catalog.cubes.get("sales")?.roles.keys() ?? ["none"])]).toEqual([]);
  });

  test("a project without dimensions and cubes", () => {
    const { catalog, problems } = resolveModel(defineProject(loose({ name: "shop", warehouse: { path: "w" } })));
    expect(problems).toEqual([]);
    expect(catalog.cubes.size + catalog.dimensions.size).toBe(0);
  });
});
