/** The last value that is allowed and the first that is not; and questions put together against the same put apart. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  calculated,
  count,
  countDistinct,
  defineCube,
  defineDateDimension,
  rolling,
  running,
  share,
  shift,
  sum,
  toDate,
} from "../../../../engine/model/index.ts";
import { FORMULA_FUNCTIONS } from "../../../../engine/model/formula.ts";
import { parseFormula } from "../../../../engine/model/parse-formula.ts";
import type { Filter } from "../../../../engine/model/filter.ts";
import type { Query, Value } from "../../../../engine/model/query.ts";
import { isMoment } from "../../../../engine/query/language/moment.ts";
import { openTables, type Tables } from "../../support/tables.ts";

const date = defineDateDimension({ name: "date", from: "2024-01-01", until: "2025-12-31" });
const formulas = {
  ln_of: calculated("ln(value)"),
  sqrt_of: calculated("sqrt(value)"),
  divided: calculated("1 / value"),
  exp_of: calculated("exp(value * 1000)"),
  power_of: calculated("power(value, -1)"),
  rounded: calculated("round(value / 3, 2)"),
};
const facts = defineCube({
  name: "facts",
  table: "facts",
  dimensions: { date: { to: date, on: "day" } },
  attributes: { kind: "kind", at: { sql: "moment", type: "timestamp" } },
  measures: {
    value: sum("value"),
    n: count(),
    kinds: countDistinct("kind"),
    before: shift("value", { months: -1 }),
    n_before: shift("n", { days: -7 }),
    week: rolling("value", { days: 7 }),
    so_far: running("value"),
    month_so_far: toDate("value", "month"),
    part: share("value", { of: "total" }),
    each: calculated("value / n"),
    ...formulas,
  },
});
let tables: Tables;
beforeAll(async () => {
  tables = await openTables({ dimensions: [date], cubes: [facts] }, [
    `create table facts as select i as id, ['a', 'b', 'c', 'd'][1 + i % 4] as kind, (i * 37) % 11 - 5 as value,
       case when i % 13 = 0 then null when i = 1 then date 'infinity' when i = 2 then date '-infinity'
            else date '2024-01-01' + ((i * 7) % 500)::int end as day, timestamp '2025-01-01 00:30:00' + to_minutes(i * 7) as moment
     from range(1, 401) r(i)`,
    "insert into facts values (999, 'b', 3, date '0044-03-15 (BC)', null)",
    "insert into facts values (1000, 'zero', 0, date '2025-01-01', null), (1001, 'one', 1, date '2025-01-01', null), (1002, 'less', -1, date '2025-01-01', null)",
  ]);
});
afterAll(() => tables.close());

test("functions outside their domain give null, and at its border their value", async () => {
  const of = async (kind: string): Promise<Record<string, Value>> => {
    const names = Object.keys(formulas);
    const [row] = await tables.rows({
      measures: names.map((name) => `facts.${name}`),
      filters: [{ member: "facts.kind", operator: "equals", values: [kind] }],
    });
    return Object.fromEntries(names.map((name, i) => [name, row?.[i] ?? null]));
  };
  expect(await of("zero")).toEqual({ ln_of: null, sqrt_of: 0, divided: null, exp_of: 1, power_of: null, rounded: 0 });
  expect(await of("one")).toEqual({ ln_of: 0, sqrt_of: 1, divided: 1, exp_of: null, power_of: 1, rounded: 0.33 });
  expect(await of("less")).toEqual({
    ln_of: null,
    sqrt_of: null,
    divided: -1,
    exp_of: 0,
    power_of: -1,
    rounded: -0.33,
  });
});

test.each(Object.entries(FORMULA_FUNCTIONS))(
  "%s takes as many arguments as it says, and neither one fewer nor one more",
  (name, [least, most]) => {
    const call = (n: number): string =>
      `${name}(${Array.from({ length: n }, (_, i) => (i === 0 ? "a" : "1")).join(", ")})`;
    const refused = (n: number): string => {
      try {
        parseFormula(call(n));
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refused(least)).toBe("");
    if (Number.isFinite(most)) {
      expect(refused(most)).toBe("");
      expect(refused(most + 1)).toMatch(/takes .* argument/);
    }
    if (least > 0) expect(refused(least - 1)).not.toBe("");
  },
);

test("a moment has an hour up to 23, and minutes and seconds up to 59", () => {
  for (const text of [
    "2025-01-01",
    "2025-01-01 00:00",
    "2025-01-01T23:59:59",
    "2025-01-01 23:59:59.999999+02:00",
    "2024-02-29",
  ])
    expect(isMoment(text), text).toBe(true);
  for (const text of [
    "2025-01-01 24:00",
    "2025-01-01 24:30",
    "2025-01-01 23:60",
    "2025-01-01 23:59:60",
    "2025-02-29",
    "2025-13-01",
    "2025-00-01",
    "2025-01-32",
    "2025-01-01 1:00",
    "2025-01-01 x",
  ])
    expect(isMoment(text), text).toBe(false);
});

test("an impossible time in a filter is refused", async () => {
  const asked = (value: string): Query => ({
    measures: ["facts.n"],
    filters: [{ member: "facts.at", operator: "gte", values: [value] }],
  });
  expect(await tables.rows(asked("2025-01-01 23:30"))).toHaveLength(1);
  expect(await tables.refused(asked("2025-01-01 24:30"))).toMatchObject({
    place: expect.stringContaining("filters[0]"),
  });
});

test.each(["month", "quarter", "year", "week", "day"])(
  "infinite dates are outside every %s, and break no query",
  async (level) => {
    const rows = await tables.rows({
      measures: ["facts.n"],
      dimensions: [`date.${level}`],
      filters: [{ member: "facts.kind", operator: "in", values: ["b", "c"] }],
      limit: 1000,
    });
    const [want] = await tables.sql("select count(*)::double from facts where kind in ('b', 'c')");
    expect(rows.reduce((total, row) => total + Number(row[1]), 0)).toBe(want?.[0]);
  },
);

const MEASURES = ["value", "n", "kinds", "before", "n_before", "week", "so_far", "month_so_far", "part", "each"];
describe("measures asked for together equal the same asked for one by one", () => {
  const ranges: readonly (readonly Filter[])[] = [
    [],
    [{ member: "date", operator: "gte", values: ["2024-06-01"] }],
    [{ member: "date", operator: "lte", values: ["2024-09-30"] }],
    [{ member: "date", operator: "gt", values: ["2024-06-01"] }],
    [{ member: "date", operator: "lt", values: ["2024-09-30"] }],
    [{ member: "date", operator: "in_range", values: ["2024-03", "2024-08"] }],
    [{ member: "date", operator: "is_null" }],
  ];
  test.each(ranges.map((filters) => [JSON.stringify(filters), filters] as const))("under %s", async (_, range) => {
    for (const dimensions of [[], ["facts.kind"], ["date.month"], ["facts.kind", "date.quarter"]])
      for (const more of [[], [{ member: "facts.kind", operator: "not_equals" as const, values: ["a"] }]]) {
        const filters = [...range, ...more];
        const usable: string[] = [];
        const apart = new Map<string, Value[]>();
        for (const measure of MEASURES) {
          const rows = await tables
            .rows({ measures: [`facts.${measure}`], dimensions, filters, limit: 5000 })
            .catch(() => null);
          // without days to look back from a measure may be refused: then it is not asked for together either
          if (rows === null) continue;
          for (const row of rows) {
            const key = JSON.stringify(row.slice(0, dimensions.length));
            const values = apart.get(key) ?? MEASURES.map(() => null);
            values[usable.length] = row[dimensions.length] ?? null;
            apart.set(key, values);
          }
          usable.push(measure);
        }
        const together = await tables.rows({
          measures: usable.map((measure) => `facts.${measure}`),
          dimensions,
          filters,
          limit: 5000,
        });
        const isCount = usable.map((measure) => ["n", "kinds", "n_before"].includes(measure));
        const told = (values: readonly Value[]): Value[] =>
          usable.map((_measure, i) => {
            const value = values[i] ?? null;
            if (isCount[i] && value === 0) return null;
            return typeof value === "number" ? Number(value.toPrecision(12)) : value;
          });
        expect(
          together
            .map((row) => [JSON.stringify(row.slice(0, dimensions.length)), told(row.slice(dimensions.length))])
            .sort(),
          JSON.stringify({ dimensions, filters }),
        ).toEqual([...apart].map(([key, values]) => [key, told(values)]).sort());
        expect(usable.length).toBeGreaterThan(4);
      }
  });
});

describe("the best few", () => {
  const ranked = async (): Promise<Value[][]> =>
    tables.rows({ measures: ["facts.value", "facts.n"], dimensions: ["facts.kind"], limit: 100 });
  test.each(["asc", "desc"] as const)(
    "are ordered (%s) by a measure that is not shown, after they were chosen",
    async (direction) => {
      const best = (await ranked()).sort((a, b) => Number(b[1]) - Number(a[1])).slice(0, 3);
      const rows = await tables.rows({
        measures: ["facts.value"],
        dimensions: ["facts.kind"],
        top: [{ dimension: "facts.kind", n: 3, by: "facts.value" }],
        order: [{ member: "facts.each", direction }],
      });
      const each = (row: readonly Value[]): number => Number(row[1]) / Number(row[2]);
      const want = best.sort((a, b) => (direction === "asc" ? each(a) - each(b) : each(b) - each(a)));
      expect(rows.map((row) => row[0])).toEqual(want.map((row) => row[0]));
    },
  );
  test("are filtered by a measure that is not shown", async () => {
    const all = await ranked();
    const rows = await tables.rows({
      measures: ["facts.value"],
      dimensions: ["facts.kind"],
      top: [{ dimension: "facts.kind", n: 3, by: "facts.value" }],
      filters: [{ member: "facts.n", operator: "lt", values: [50] }],
    });
    for (const row of rows) expect(Number(all.find((other) => other[0] === row[0])?.[2])).toBeLessThan(50);
    expect(rows.length).toBeGreaterThan(0);
  });
});
