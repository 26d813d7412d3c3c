/** Measures by a weighted many-to-many dimension: what adds up and what is averaged counts by the weights. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  averageOverTime,
  avg,
  count,
  countDistinct,
  defineCube,
  defineDateDimension,
  defineDimension,
  firstValue,
  lastValue,
  max,
  median,
  running,
  sum,
} from "../../../../engine/model/index.ts";
import { openTables, type Tables } from "../../support/tables.ts";

const date = defineDateDimension({ name: "date", from: "2024-01-01", until: "2024-12-31" });
const tag = defineDimension({ name: "tag", table: "tag", key: "tid", attributes: { name: "name" } });
const balance = defineCube({
  name: "balance",
  table: "balance",
  dimensions: {
    date: { to: date, on: "day" },
    tag: { to: tag, through: { table: "link", on: "bid", key: "tid", weight: "w" } },
  },
  measures: {
    total: sum("amount"),
    rows: count(),
    mean: avg("amount"),
    mean_open: avg("amount", { where: [{ member: "date", operator: "gte", values: ["2024-01-15"] }] }),
    last: lastValue("amount", { over: "date" }),
    first: firstValue("amount", { over: "date" }),
    last_each: lastValue("amount", { over: "date", per: ["account"] }),
    average: averageOverTime("amount", { over: "date" }),
    last_so_far: running("last"),
    mean_so_far: running("mean"),
    middle: median("amount"),
    most: max("amount"),
    accounts: countDistinct("account"),
  },
});
let t: Tables;
beforeAll(async () => {
  t = await openTables({ cubes: [balance], dimensions: [date, tag] }, [
    "create table tag as select * from (values (1, 'x'), (2, 'y')) t(tid, name)",
    "create table balance as select i as bid, i % 3 as account, date '2024-01-01' + (i % 40)::int as day, case when i % 7 > 0 then (10 * i)::decimal(14,2) end as amount from range(0, 120) r(i)",
    // half of x and a quarter of y; some without any
    "create table link as select i as bid, 1 + i % 2 as tid, 0.5::decimal(3,2) as w from range(0, 100) r(i) union all select i, 2 - i % 2, 0.25 from range(0, 100) r(i) where i % 3 = 0",
  ]);
});
afterAll(() => t.close());

const JOINED =
  "(select name, day, amount, account, coalesce(w, 1) as w from balance left join (select bid, name, sum(w) as w from link join tag using (tid) group by all) l using (bid))";
test("sums, averages and balances by a weighted bridge are of the weighted amounts", async () => {
  expect(
    await t.rows({
      measures: ["balance.total", "balance.rows", "balance.mean", "balance.mean_open"],
      dimensions: ["tag.name"],
    }),
  ).toEqual(
    await t.sql(
      `select name, sum(amount * w), sum(w), sum(amount * w)::double / sum(w) filter (where amount is not null)::double, sum(amount * w) filter (where day >= '2024-01-15')::double / sum(w) filter (where amount is not null and day >= '2024-01-15')::double from ${JOINED} group by 1 order by 1 nulls last`,
    ),
  );
  // the last day is the same for every tag, the first too; each account has its own
  expect(
    await t.rows({ measures: ["balance.first", "balance.last", "balance.last_each"], dimensions: ["tag.name"] }),
  ).toEqual(
    await t.sql(
      `with j as (select *, max(day) over (partition by name, account) as own, max(day) over () as last_day, min(day) over () as first_day from ${JOINED}) select name, sum(amount * w) filter (where day = first_day), sum(amount * w) filter (where day = last_day), sum(amount * w) filter (where day = own) from j group by 1 order by 1 nulls last`,
    ),
  );
  const january = [{ member: "date", operator: "in_range" as const, values: ["2024-01"] }];
  expect(await t.rows({ measures: ["balance.average"], dimensions: ["tag.name"], filters: january })).toEqual(
    await t.sql(
      `select name, sum(amount * w)::double / 31 from ${JOINED} where month(day) = 1 group by 1 order by 1 nulls last`,
    ),
  );
  expect(
    await t.rows({
      measures: ["balance.average", "balance.last_so_far", "balance.mean_so_far"],
      dimensions: ["date.month", "tag.name"],
      filters: january,
    }),
  ).toEqual(
    await t.sql(
      `select date '2024-01-01', name, sum(amount * w)::double / 31, sum(amount * w) filter (where day = '2024-01-31'), sum(amount * w)::double / sum(w) filter (where amount is not null)::double from ${JOINED} where month(day) = 1 group by 2 order by 2 nulls last`,
    ),
  );
});
test("middles, extremes and distinct counts are of the linked rows, without weights", async () => {
  expect(
    await t.rows({ measures: ["balance.middle", "balance.most", "balance.accounts"], dimensions: ["tag.name"] }),
  ).toEqual(
    await t.sql(
      `select name, median(amount), max(amount), count(distinct account) from ${JOINED} group by 1 order by 1 nulls last`,
    ),
  );
});
test("a total by a weighted bridge counts each fact once and whole", async () => {
  const { totals } = await t.engine.query({
    measures: ["balance.mean", "balance.last", "balance.average"],
    dimensions: ["tag.name"],
    filters: [{ member: "date", operator: "in_range", values: ["2024-02"] }],
    totals: true,
  });
  expect(totals![0]!.row).toEqual(
    Object.fromEntries(
      (
        await t.sql(
          "select avg(amount), sum(amount) filter (where day = '2024-02-09'), sum(amount)::double / 29 from balance where month(day) = 2",
        )
      )[0]!.map((v, i) => [["balance.mean", "balance.last", "balance.average"][i], v]),
    ),
  );
});
