/** Base events followed by others, against statements that look for the later event row by row. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { conversion, count, defineCube, defineProject, rolling, shift } from "../../../../engine/model/index.ts";
import { resolveModel } from "../../../../engine/model/resolve-model.ts";
import { drillthrough } from "../../../../engine/query/inspect/drillthrough.ts";
import { explain } from "../../../../engine/query/inspect/explain.ts";
import type { Query, Value } from "../../../../engine/model/query.ts";
import { customer, date, openShop, project, sales, service } from "../../support/shop.ts";

const web = [{ member: "sales.channel", operator: "equals" as const, values: ["web"] }];
const touches = defineCube({
  name: "touches",
  table: "touches",
  dimensions: { customer: { to: customer, on: "customer_id" }, touched: { to: date, on: "at" } },
  attributes: { kind: "kind" },
  measures: {
    touches: count(),
    signup_rate: conversion({
      from: { where: [{ member: "touches.kind", operator: "equals", values: ["ad"] }] },
      to: { where: [{ member: "touches.kind", operator: "equals", values: ["signup"] }] },
      over: "customer",
      within: { hours: 36 },
    }),
    again: conversion({ from: "touches", to: "touches", over: "customer", within: { days: 2 }, give: "count" }),
    sale_after: conversion({ from: "touches", to: "sales.lines", over: "customer", within: { months: 1 } }),
  },
});
const spec = defineProject({
  ...project,
  segments: [],
  cubes: [
    defineCube({
      ...sales,
      measures: {
        ...sales.measures,
        repeat: conversion({ from: "lines", to: "lines", over: "customer", within: { days: 60 } }),
        web_then_store: conversion({
          from: "web_lines",
          to: { where: [{ member: "sales.channel", operator: "equals", values: ["store"] }] },
          over: "customer",
          within: { days: 14 },
          sameTime: true,
        }),
      },
    }),
    defineCube({
      ...service,
      measures: {
        ...service.measures,
        won_back: conversion({ from: "cases", to: "sales.lines", over: "customer", within: { days: 30 } }),
        won_back_cases: conversion({
          from: "cases",
          to: "sales.lines",
          over: "customer",
          within: { days: 30 },
          give: "count",
        }),
        web_back: conversion({
          from: { where: [{ member: "service.topic", operator: "equals", values: ["x'y"] }] },
          to: { cube: "sales", where: web },
          over: "customer",
          within: { weeks: 2 },
        }),
        judged: conversion({
          from: "cases",
          to: "sales.lines",
          over: "customer",
          within: { days: 30 },
          complete: true,
        }),
        soon: conversion({ from: "cases", to: "sales.lines", over: "customer", within: { days: 6 } }),
        later_only: conversion({
          from: "cases",
          to: "sales.lines",
          over: "customer",
          within: { days: 6 },
          sameTime: false,
        }),
        won_back_last_month: shift("won_back", { months: -1 }),
        won_back_90d: rolling("won_back", { days: 90 }),
        shipped: conversion({
          from: "cases",
          to: { cube: "sales", date: "ship_date" },
          over: "customer",
          within: { days: 5 },
        }),
      },
    }),
    ...project.cubes.slice(2),
    touches,
  ],
});
const TABLES = [
  "create table touches as select timestamptz '2024-03-29 00:00:00+00' + to_minutes(47 * i) as at, 1 + (i * 11) % 9 as customer_id, case i % 3 when 0 then 'ad' when 1 then 'signup' else 'visit' end as kind from range(0, 600) r(i)",
];
let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop(spec, TABLES);
});
afterAll(() => shop.close());
const near = (value: unknown): unknown => (typeof value === "number" ? Math.round(value * 1e9) / 1e9 : value);
const rows = async (query: Query): Promise<Value[][]> => {
  const r = await shop.engine.query({ limit: 100_000, ...query });
  return r.rows.map((row) => r.columns.map((c) => near(row[c.name]!) as Value));
};
const sql = async (text: string): Promise<unknown[][]> =>
  (await shop.sql(text)).map((row) => Object.values(row).map(near));
const same = async (query: Query, text: string): Promise<void> => {
  const want = await sql(text);
  expect(want.length).toBeGreaterThan(0);
  expect(await rows(query)).toEqual(want);
};
/** Cases with whether a sale of the customer follows on the day or within `days`. */
const cases = (days: number, more = "true", first = 0): string =>
  `(select k.*, case when exists (from sales s where s.customer_id = k.customer_id and s.sold_on between k.opened_on + ${first} and k.opened_on + ${days} and ${more}) then 1 else 0 end as hit from cases k where k.customer_id is not null)`;

describe("a conversion", () => {
  test("counts each base event once, by whether any later event of the same member is near enough", async () => {
    await same(
      { measures: ["service.won_back", "service.won_back_cases"] },
      `select avg(hit), sum(hit) from ${cases(30)}`,
    );
    await same(
      { measures: ["service.web_back"] },
      `select avg(hit) from ${cases(14, "s.channel = 'web'")} where topic = 'x''y'`,
    );
  });
  test("the last day of the span counts, and the same day where the facts differ, by default", async () => {
    await same(
      { measures: ["service.soon", "service.later_only"] },
      `select (select avg(hit) from ${cases(6)}), (select avg(hit) from ${cases(6, "true", 1)})`,
    );
    expect(
      (
        await sql(
          `select (select sum(hit) from ${cases(6)}) > (select sum(hit) from ${cases(5)}), (select sum(hit) from ${cases(6)}) > (select sum(hit) from ${cases(6, "true", 1)})`,
        )
      )[0],
    ).toEqual([true, true]);
  });
  test("within one fact no event follows itself, nor one of the same time", () =>
    same(
      { measures: ["sales.repeat", "sales.web_then_store"], dimensions: ["product.category"] },
      `with b as (select s.*, case when exists (from sales t where t.customer_id = s.customer_id and t.sold_on > s.sold_on and t.sold_on <= s.sold_on + 60) then 1 else 0 end a, case when exists (from sales t where t.channel = 'store' and t.customer_id = s.customer_id and t.sold_on between s.sold_on and s.sold_on + 14) then 1 else 0 end b from sales s where customer_id is not null)
     select category, avg(a), avg(b) filter (where channel = 'web') from b left join product using (product_id) group by 1 order by 1 nulls last`,
    ));
  test("by dimensions of the base event, with totals from the facts", async () => {
    const query: Query = {
      measures: ["service.won_back", "service.cases"],
      dimensions: ["customer.country", "date.quarter"],
      totals: true,
    };
    await same(
      query,
      `with k as (select h.hit, c.* from cases c left join (select case_id, hit from ${cases(30)}) h using (case_id)) select country, date_trunc('quarter', opened_on)::date::varchar, avg(hit), count(*) from k left join (select customer_id, country from customer where valid_until is null) using (customer_id) group by 1, 2 order by 1 nulls last, 2`,
    );
    const { totals } = await shop.engine.query(query);
    expect(near(totals!.find((t) => t.level.length === 0)!.row["service.won_back"])).toBe(
      (await sql(`select avg(hit) from ${cases(30)}`))[0]![0],
    );
  });
  test("filters restrict the base events, and the converting ones may lie outside the range", () =>
    same(
      {
        measures: ["service.won_back"],
        filters: [
          { member: "date", operator: "in_range", values: ["2024-05"] },
          { member: "service.topic", operator: "contains", values: ["late"] },
        ],
      },
      `select avg(hit) from ${cases(30)} where opened_on between '2024-05-01' and '2024-05-31' and topic like '%late%'`,
    ));
  test("base events whose span is not over by now can be left out", async () => {
    await same(
      { measures: ["service.judged", "service.won_back"], now: "2024-10-15" },
      `select avg(hit) filter (where opened_on + 30 <= '2024-10-15'), avg(hit) from ${cases(30)}`,
    );
    expect(await rows({ measures: ["service.judged"], now: "2024-01-01" })).toEqual([[null]]);
  });
  test("windows, shifts and comparisons move the base events", async () => {
    await same(
      {
        measures: ["service.won_back", "service.won_back_last_month", "service.won_back_90d"],
        dimensions: ["date.month"],
        filters: [{ member: "date", operator: "in_range", values: ["2024-06", "2024-08"] }],
      },
      `with k as ${cases(30)} select m::date::varchar, (select avg(hit) from k where date_trunc('month', opened_on) = m), (select avg(hit) from k where date_trunc('month', opened_on) = m - interval 1 month), (select avg(hit) from k where opened_on <= last_day(m) and opened_on > last_day(m) - 90) from generate_series(date '2024-06-01', date '2024-08-01', interval 1 month) t(m) order by 1`,
    );
    await same(
      {
        measures: ["service.won_back_cases"],
        filters: [{ member: "date", operator: "in_range", values: ["2024-06"] }],
        compare: { dimension: "date", to: "previous_period" },
      },
      `with k as ${cases(30)} select a, b, a - b, (a - b) / b from (select (select sum(hit) from k where date_trunc('month', opened_on) = '2024-06-01') a, (select sum(hit) from k where date_trunc('month', opened_on) = '2024-05-01') b)`,
    );
  });
  test("another date of the converting fact can be the one that counts", () =>
    same(
      { measures: ["service.shipped"] },
      "select avg(hit) from (select case when exists (from sales s where s.customer_id = k.customer_id and shipped_on between opened_on and opened_on + 5) then 1 else 0 end hit from cases k where customer_id is not null)",
    ));
  test("moments are compared as moments, a moment and a day as days", async () => {
    await same(
      { measures: ["touches.signup_rate", "touches.again"], dimensions: ["touched.day"] },
      `select "at"::date::varchar, avg(case when kind = 'ad' then hit end), sum(again) from (select t.*, case when exists (from touches u where u.kind = 'signup' and u.customer_id = t.customer_id and u.at > t.at and u.at <= t.at + interval 36 hour) then 1 else 0 end hit,
        case when exists (from touches u where u.customer_id = t.customer_id and u.at > t.at and u.at <= t.at + interval 48 hour) then 1 else 0 end again from touches t) group by 1 order by 1`,
    );
    await same(
      { measures: ["touches.sale_after"] },
      `select avg(case when exists (from sales s where s.customer_id = t.customer_id and s.sold_on >= "at"::date and s.sold_on <= "at"::date + interval 1 month) then 1 else 0 end) from touches t`,
    );
  });
  test("drilled through it shows each base event and whether it converted", async () => {
    const { rows: found, columns } = await drillthrough(shop.engine, {
      measures: ["service.won_back_cases"],
      filters: [{ member: "service.topic", operator: "equals", values: ["x'y"] }],
      limit: 1000,
    });
    const at = columns.at(-1)!.name;
    expect(found.reduce((all, row) => all + Number(row[at] ?? 0), 0)).toBe(
      (await sql(`select sum(hit) from ${cases(30)} where topic = 'x''y'`))[0]![0],
    );
  });
  test("an invalid conversion is refused, and explain shows which events follow which", async () => {
    const wrong = {
      ...spec,
      cubes: [
        ...project.cubes.slice(2),
        defineCube({
          ...service,
          measures: {
            cases: count(),
            a: conversion({ from: "cases", to: "sales.lines", over: "customer", within: { days: 1 } }),
            b: conversion({ from: "cases", to: "cases", over: "costumer", within: { days: 1 } }),
            c: conversion({ from: "cases", to: "cases", over: "customer", within: {} }),
            d: conversion({ from: { cube: "stock" }, to: "cases", over: "customer", within: { days: 1 } }),
          },
        }),
      ],
    };
    expect(resolveModel(wrong).problems.map((p) => p.message)).toEqual([
      'to: measure "sales.lines" not found',
      'costumer is not a to-one role of service (did you mean "customer"?)',
      'costumer is not a to-one role of service (did you mean "customer"?)',
      "`within` must be a positive span",
      "its base events are rows of stock",
    ]);
    expect((await explain(shop.engine, { measures: ["service.won_back"] })).measures[0]!.formula).toBe(
      "share of cases followed by sales.lines of the same customer within 30 days",
    );
  });
});
