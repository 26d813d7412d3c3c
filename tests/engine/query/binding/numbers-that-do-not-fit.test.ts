/** Numbers with more digits than DuckDB holds: exact where there is room, doubles where weights are finer than that, else an error that names the measure. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  avg,
  calculated,
  count,
  defineCube,
  defineDateDimension,
  defineDimension,
  stddev,
  sum,
} from "../../../../engine/model/index.ts";
import { arrow } from "../../../../engine/query/exports/arrow.ts";
import { openTables, type Tables } from "../../support/tables.ts";

const date = defineDateDimension({ name: "date", from: "2024-01-01", until: "2024-12-31" });
const tag = defineDimension({ name: "tag", table: "tag", key: "tid", attributes: { name: "name" } });
const f = defineCube({
  name: "f",
  table: "f",
  dimensions: {
    date: { to: date, on: "d" },
    tag: { to: tag, through: { table: "link", on: "id", key: "tid", weight: "w" } },
    fine_tag: { to: tag, through: { table: "link", on: "id", key: "tid", weight: "fine" } },
  },
  measures: {
    n: count(),
    wide: sum("wide"),
    money: sum("money"),
    fine: sum("fine"),
    fine_mean: avg("fine"),
    large: sum({ sql: "big * 1000000" }),
    spread: stddev("dbl"),
    twice: calculated("wide + wide"),
    eight: calculated("n * n * n * n * n * n * n * n"),
  },
});
let t: Tables;
beforeAll(async () => {
  t = await openTables({ cubes: [f], dimensions: [date, tag] }, [
    "create table tag as select * from (values (1, 'x'), (2, 'y')) t(tid, name)",
    "create table link as select i as id, 1 + i % 2 as tid, 0.25::decimal(3,2) as w, 0.25::decimal(38,20) as fine from range(0, 500) r(i)",
    "create table f as select i as id, date '2024-01-01' + (i % 60)::int as d, 1234567890123456789012345678.1234567890::decimal(38,10) as wide, (i + 0.5)::decimal(14,2) as money, (i + 0.5)::decimal(38,20) as fine, 9007199254740993 as big, case when i = 3 then 'inf'::double else 1e200 * i end as dbl from range(0, 500) r(i)",
  ]);
});
afterAll(() => t.close());

describe("numbers that do not fit", () => {
  test("are products of counts no sooner than at 38 digits", async () => {
    expect(
      (await t.engine.query({ measures: ["f.eight", { name: "squared", formula: "f.n * f.n" }], exact: true })).rows,
    ).toEqual([{ "f.eight": String(500n ** 8n), squared: "250000" }]);
  });
  test("are refused with the measure's name, whichever of the query's it is", async () => {
    for (const measures of [["f.wide"], ["f.n", "f.money", "f.wide"], ["f.twice"], ["f.large"]]) {
      expect(
        await t.refused({ measures, order: measures.length > 1 ? [{ member: "f.n" }] : [] }),
        measures.join(),
      ).toMatchObject({
        code: "too-large",
        place: measures.at(-1),
        message: expect.stringContaining(`${measures.at(-1)!}: the exact number has more than 38 digits`) as unknown,
        remedy: expect.stringContaining("::double") as unknown,
      });
    }
    expect(
      await t.refused({ measures: [{ name: "x", formula: "f.money * 1.00000000000000000000000000001 * 1000000" }] }),
    ).toMatchObject({ code: "too-large", place: "x" });
    await expect(arrow(t.engine, { measures: ["f.n", "f.wide"] })).rejects.toMatchObject({ code: "too-large" });
    // as a double it fits
    expect(
      await t.rows({ measures: [{ name: "x", formula: "f.money / 1 * 1.00000000000000000000000000001 * 1000000" }] }),
    ).toEqual([[125000000000]]);
  });
  test("are no deviations", async () => {
    expect(await t.refused({ measures: ["f.n", "f.spread"] })).toMatchObject({
      code: "too-large",
      place: "f.spread",
      message: expect.stringContaining("deviation") as unknown,
    });
  });
  test("are multiplied with weights exactly while there is room for both, else as doubles", async () => {
    const sql = (w: string, of: string): Promise<unknown> =>
      t.sql(
        `select name, sum(${of} * ${w}), sum(${of} * ${w})::double / sum(${w})::double from f join link using (id) join tag using (tid) group by 1 order by 1`,
      );
    expect((await t.engine.query({ measures: ["f.money"], dimensions: ["tag.name"], exact: true })).rows).toEqual(
      (
        await t.sql(
          "select name, sum(money * w)::varchar from f join link using (id) join tag using (tid) group by 1 order by 1",
        )
      ).map(([name, money]) => ({ "tag.name": name, "f.money": money })),
    );
    expect(await t.rows({ measures: ["f.fine", "f.fine_mean"], dimensions: ["fine_tag.name"] })).toEqual(
      await sql("link.fine::double", "f.fine::double"),
    );
    expect(await t.rows({ measures: ["f.fine", "f.fine_mean"], dimensions: ["tag.name"] })).toEqual(
      await sql("w", "f.fine"),
    );
  });
  test("are no digits to round to", async () => {
    for (const digits of ["f.n", "40", "-31", "1.5", "null", "99999999999", "1 + 1"])
      expect(
        await t.refused({ measures: [{ name: "x", formula: `round(f.money, ${digits})` }] }),
        digits,
      ).toMatchObject({ code: "formula-invalid", message: expect.stringContaining("from -30 to 30") as unknown });
    expect(
      await t.rows({
        measures: [
          { name: "x", formula: "round(f.money / 3, 2)" },
          { name: "y", formula: "round(f.n, -2)" },
        ],
      }),
    ).toEqual([[41666.67, 500]]);
  });
});
