import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defineProject, defineSegment } from "../../../../engine/model/index.ts";
import { openShop, project } from "../../support/shop.ts";

const spec = defineProject({
  ...project,
  segments: [
    defineSegment({
      name: "drawn",
      over: "customer",
      filters: [],
      members: [3, 7, 11, 42],
      asOf: "2024-06-30",
      version: 4,
    }),
    defineSegment({
      name: "drawn_german",
      over: "customer",
      filters: [{ member: "customer.country", operator: "equals", values: ["DE"] }],
      members: [4, 7, 8],
    }),
    defineSegment({ name: "nobody", over: "customer", filters: [], members: [] }),
  ],
});
let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop(spec);
});
afterAll(() => shop.close());
const C = "(select * from customer where valid_until is null)";

describe("others within", () => {
  test("are what is left of each group, the unknown group too, counted from the facts", async () => {
    const { rows, others, totals } = await shop.engine.query({
      measures: ["sales.buyers", "sales.lines"],
      dimensions: ["customer.country", "product.name"],
      top: [{ dimension: "product.name", by: "sales.lines", n: 2, within: ["customer.country"], others: true }],
      totals: true,
    });
    const want =
      await shop.sql(`with x as (select country, p.name, s.* from sales s left join ${C} c using (customer_id) left join product p using (product_id)), r as (select country, name, row_number() over (partition by country order by count(*) desc, name nulls last) n from x group by 1, 2)
      select x.country, count(distinct customer_id) b, count(*) l from x join r on r.country is not distinct from x.country and r.name is not distinct from x.name where n > 2 group by 1 order by 1 nulls last`);
    expect(rows).toHaveLength(8);
    expect(others!.map((o) => [o.level, ...Object.values(o.row)])).toEqual(
      want.map((w) => [["customer.country"], w["country"], w["b"], w["l"]]),
    );
    const lines = (list: readonly { readonly [m: string]: unknown }[]): number =>
      list.reduce((all, row) => all + Number(row["sales.lines"]), 0);
    expect(lines(rows) + lines(others!.map((o) => o.row))).toBe(
      totals!.find((t) => t.level.length === 0)!.row["sales.lines"],
    );
  });
});

describe("the best of the only dimension", () => {
  // with totals the members are ranked before they are asked for
  test.each([
    "customer.country",
    "product.name",
    "product.category",
    "customer.age_band",
    "date.month",
    "date.day_of_week",
    "sales.channel",
    "customer.name",
  ])("by %s are the rows of those that are ranked before", async (dimension) => {
    const measures = [
      "sales.revenue",
      "sales.buyers",
      "sales.revenue_share",
      "service.cases",
      "sales.revenue_last_month",
    ].filter((name) => !/^(product|sales)\./.test(dimension) || name !== "service.cases");
    for (const by of measures)
      for (const n of [1, 3, 100])
        for (const order of [undefined, [{ member: "sales.buyers", direction: "desc" as const }]]) {
          const query = {
            measures,
            dimensions: [dimension],
            filters: [{ member: "date", operator: "in_range" as const, values: ["2025-H1"] }],
            top: [{ dimension, by, n, others: true }],
            ...(order && { order }),
          };
          const [once, twice] = [await shop.engine.query(query), await shop.engine.query({ ...query, totals: true })];
          expect(once.rows, JSON.stringify(query)).toEqual(twice.rows);
          expect(once.others, JSON.stringify(query)).toEqual(twice.others);
          expect(once.rows.length).toBeLessThanOrEqual(n);
        }
  });
  test("are read from the facts once", async () => {
    const { sql } = await shop.engine
      .plan({
        measures: ["sales.revenue"],
        dimensions: ["product.name"],
        top: [{ dimension: "product.name", by: "sales.revenue", n: 3 }],
      })
      .then(({ printed }) => printed);
    expect(sql.match(/order by/g)).toHaveLength(2);
    expect(sql).toContain("limit 3");
  });
});

describe("what is left out", () => {
  const range = { member: "date", operator: "in_range" as const, values: ["2025-H1"] };
  const top = (dimension: string, by = "sales.revenue", n = 2) => [{ dimension, by, n, others: true }];
  const sum = (result: Awaited<ReturnType<typeof shop.engine.query>>, name: string): number =>
    [...result.rows, ...result.others!.map((o) => o.row)].reduce((all, row) => all + Number(row[name] ?? 0), 0);
  test("is a share of the same whole as what is kept; its rank is null", async () => {
    const result = await shop.engine.query({
      measures: ["sales.revenue", "sales.revenue_share", "sales.revenue_rank", "sales.buyers_share"],
      dimensions: ["customer.country", "product.name"],
      filters: [range],
      top: [...top("customer.country"), { dimension: "product.name", by: "sales.revenue", n: 3, others: true }],
      totals: true,
    });
    expect(sum(result, "sales.revenue_share")).toBeCloseTo(1, 9);
    expect(result.others!.every((o) => o.row["sales.revenue_rank"] === null)).toBe(true);
    const [unkept] = result.others!.filter((o) => o.level.length === 0);
    expect(Number(unkept!.row["sales.revenue_share"])).toBeCloseTo(
      Number(unkept!.row["sales.revenue"]) /
        Number(result.totals!.find((t) => t.level.length === 0)!.row["sales.revenue"]),
      9,
    );
  });
  test("of the best months is compared with what those other months are compared with, and shifted with them", async () => {
    for (const dimension of ["date.month", "date.quarter"]) {
      const result = await shop.engine.query({
        measures: ["sales.revenue", "sales.revenue_last_month", "sales.buyers"],
        dimensions: [dimension],
        filters: [range],
        compare: { dimension: "date", to: "previous_year" },
        top: top(dimension, "sales.revenue", 1),
        totals: true,
      });
      const total = result.totals![0]!.row;
      for (const name of [
        "sales.revenue",
        "sales.revenue.previous",
        "sales.revenue_last_month",
        "sales.revenue_last_month.previous",
      ])
        expect(sum(result, name)).toBeCloseTo(Number(total[name]), 6);
    }
    const [best] = (
      await shop.engine.query({
        measures: ["sales.revenue"],
        dimensions: ["date.month"],
        filters: [range],
        top: top("date.month", "sales.revenue", 1),
      })
    ).rows;
    const month = String(best!["date.month"]);
    const [want] = await shop.sql(
      `select count(distinct customer_id) as b from sales where sold_on between '2024-01-01' and '2024-06-30' and date_trunc('month', sold_on) <> date_trunc('month', date '${month}') - interval 1 year`,
    );
    const { others } = await shop.engine.query({
      measures: ["sales.buyers"],
      dimensions: ["date.month"],
      filters: [range],
      compare: { dimension: "date", to: "previous_year" },
      top: top("date.month", "sales.revenue", 1),
    });
    expect(others![0]!.row["sales.buyers.previous"]).toBe(Number(want!["b"]));
  });
  test("by a level that repeats adds up too", async () => {
    const result = await shop.engine.query({
      measures: ["sales.lines", "sales.revenue"],
      dimensions: ["customer.country", "date.day_of_week"],
      filters: [range],
      compare: { dimension: "date", to: "previous_year" },
      top: top("date.day_of_week", "sales.lines", 3),
      totals: true,
    });
    for (const name of ["sales.lines", "sales.lines.previous", "sales.revenue.previous"])
      expect(sum(result, name)).toBeCloseTo(Number(result.totals!.find((t) => t.level.length === 0)!.row[name]), 6);
  });
  test("is refused where dates and others are ranked together and a measure moves along the dates", async () => {
    await expect(
      shop.engine.query({
        measures: ["sales.revenue_last_month"],
        dimensions: ["date.month", "product.name"],
        filters: [range],
        top: [{ dimension: "product.name", by: "sales.revenue", n: 1, within: ["date.month"], others: true }],
      }),
    ).rejects.toMatchObject({ code: "query-invalid", remedy: expect.stringContaining("others") });
  });
});

describe("a ranking", () => {
  const byLines = async (until: string): Promise<unknown[]> =>
    (
      await shop.sql(
        `select p.name from sales s left join product p using (product_id) where sold_on between '2025-01-01' and '${until}' group by 1 order by count(*) desc, 1 nulls last limit 3`,
      )
    ).map((row) => row["name"]);
  test("with a comparison is over the same days", async () => {
    const result = await shop.engine.query({
      measures: ["sales.lines"],
      dimensions: ["product.name"],
      filters: [{ member: "date", operator: "in_range", values: ["2025"] }],
      now: "2025-01-13",
      compare: { dimension: "date", to: "previous_year" },
      top: [{ dimension: "product.name", by: "sales.lines", n: 3 }],
      order: [{ member: "sales.lines" }],
    });
    expect(new Set(result.rows.map((row) => row["product.name"]))).toEqual(new Set(await byLines("2025-01-13")));
  });
  test("ignores measure filters, also those in one `and` with others", async () => {
    const nested = await shop.engine.query({
      measures: ["sales.lines"],
      dimensions: ["product.name"],
      filters: [
        {
          and: [
            { member: "sales.lines", operator: "gt", values: [1] },
            { member: "sales.channel", operator: "equals", values: ["web"] },
          ],
        },
      ],
      top: [{ dimension: "product.name", by: "sales.lines", n: 2, others: true }],
    });
    const flat = await shop.engine.query({
      measures: ["sales.lines"],
      dimensions: ["product.name"],
      filters: [
        { member: "sales.lines", operator: "gt", values: [1] },
        { member: "sales.channel", operator: "equals", values: ["web"] },
      ],
      top: [{ dimension: "product.name", by: "sales.lines", n: 2, others: true }],
    });
    expect([nested.rows, nested.others]).toEqual([flat.rows, flat.others]);
  });
  test("is not restricted by a filter on another fact's own attribute", async () => {
    const { rows } = await shop.engine.query({
      measures: ["sales.lines", "service.cases"],
      dimensions: ["customer.country"],
      filters: [{ member: "service.topic", operator: "is_null" }],
      top: [{ dimension: "customer.country", by: "sales.lines", n: 1 }],
    });
    const [want] = await shop.sql(
      `select country, count(*) as n from sales left join ${C} c using (customer_id) group by 1 order by 2 desc limit 1`,
    );
    expect(rows.map((row) => [row["customer.country"], row["sales.lines"]])).toEqual([
      [want!["country"], Number(want!["n"])],
    ]);
  });
  test("may be by a calculation of the query, and names a role alone as the dimensions do", async () => {
    const { rows } = await shop.engine.query({
      measures: ["sales.revenue", { name: "per_line", formula: "sales.revenue / sales.lines" }],
      dimensions: ["product"],
      top: [{ dimension: "product", by: "per_line", n: 1 }],
      order: [{ member: "product" }],
      totals: [["product"]],
    });
    const [want] = await shop.sql(
      "select p.name from sales s left join product p using (product_id) group by 1 order by sum(amount) / count(*) desc limit 1",
    );
    expect(rows.map((row) => row["product.name"])).toEqual([want!["name"]]);
    await expect(
      shop.engine.query({
        measures: ["sales.lines"],
        dimensions: ["product.name"],
        top: [{ dimension: "product.name", by: "sales.linse", n: 1 }],
      }),
    ).rejects.toMatchObject({
      code: "unknown-member",
      message: expect.stringContaining('did you mean "sales.lines"'),
    });
  });
});

describe("others of several tops", () => {
  const lines = (list: readonly { readonly [m: string]: unknown }[]): number =>
    list.reduce((all, row) => all + Number(row["sales.lines"]), 0);
  test("are those of each for the kept members of the other, and those outside both; together they are the total", async () => {
    const { rows, others, totals } = await shop.engine.query({
      measures: ["sales.lines", "sales.buyers"],
      dimensions: ["customer.country", "product.name"],
      top: [
        { dimension: "customer.country", by: "sales.lines", n: 2, others: true },
        { dimension: "product.name", by: "sales.lines", n: 2, others: true },
      ],
      totals: true,
    });
    const want =
      await shop.sql(`with x as (select country, p.name, s.* from sales s left join ${C} c using (customer_id) left join product p using (product_id)),
        cs as (select country from x group by 1 order by count(*) desc, 1 nulls last limit 2), ps as (select name from x group by 1 order by count(*) desc, 1 nulls last limit 2),
        y as (select *, exists (from cs where cs.country is not distinct from x.country) c_in, exists (from ps where ps.name is not distinct from x.name) p_in from x)
      select 1 k, name a, count(*) l, count(distinct customer_id) b from y where not c_in and p_in group by 1, 2
      union all select 2, country, count(*), count(distinct customer_id) from y where c_in and not p_in group by 1, 2
      union all select 3, null, count(*), count(distinct customer_id) from y where not c_in and not p_in order by 1, 2 nulls last`);
    const places = ["product.name", "customer.country", undefined];
    const at = (level: readonly string[]): number => places.indexOf(level[0]) + 1;
    expect(
      others!.map(({ level, row }) => [
        at(level),
        level.length === 0 ? null : row[level[0]!],
        row["sales.lines"],
        row["sales.buyers"],
      ]),
    ).toEqual(want.map((w) => [w["k"], w["a"], w["l"], w["b"]]));
    expect(lines(rows) + lines(others!.map((o) => o.row))).toBe(
      lines([totals!.find((t) => t.level.length === 0)!.row]),
    );
  });
  test("a top without others cuts theirs too; one within another keeps its own members everywhere", async () => {
    const cut = await shop.engine.query({
      measures: ["sales.lines"],
      dimensions: ["customer.country", "sales.channel"],
      top: [
        { dimension: "customer.country", by: "sales.lines", n: 1 },
        { dimension: "sales.channel", by: "sales.lines", n: 1, others: true },
      ],
    });
    expect(cut.others!.map((o) => Object.keys(o.row))).toEqual([["customer.country", "sales.lines"]]);
    const nested = await shop.engine.query({
      measures: ["sales.lines"],
      dimensions: ["customer.country", "product.name"],
      top: [
        { dimension: "customer.country", by: "sales.lines", n: 2, others: true },
        { dimension: "product.name", by: "sales.lines", n: 1, within: ["customer.country"], others: true },
      ],
      totals: true,
    });
    expect(lines(nested.rows) + lines(nested.others!.map((o) => o.row))).toBe(
      lines([nested.totals!.find((t) => t.level.length === 0)!.row]),
    );
  });
  test("the unknown member may be among the best, and is then not among the others", async () => {
    const all = await shop.engine.query({
      measures: ["sales.lines"],
      dimensions: ["customer.country"],
      top: [{ dimension: "customer.country", by: "sales.lines", n: 50, others: true }],
    });
    expect(all.rows.some((row) => row["customer.country"] === null)).toBe(true);
    expect(lines(all.others!.map((o) => o.row))).toBe(0);
  });
  test("one dimension ranked twice has no others, nor have five tops at once", async () => {
    const top = { dimension: "customer.country", by: "sales.lines", n: 1, others: true };
    await expect(
      shop.engine.query({ measures: ["sales.lines"], dimensions: ["customer.country"], top: [top, { ...top, n: 2 }] }),
    ).rejects.toMatchObject({
      code: "query-invalid",
      message: '"customer.country" is ranked twice, so its others are ambiguous',
    });
    const five = ["customer.country", "customer.city", "product.name", "product.category", "sales.channel"];
    await expect(
      shop.engine.query({
        measures: ["sales.lines"],
        dimensions: five,
        top: five.map((dimension) => ({ ...top, dimension })),
      }),
    ).rejects.toMatchObject({ message: "others of 5 tops would take 31 queries" });
  });
});

describe("a segment that is a list", () => {
  test("has these members and no others, as a filter and as a member", async () => {
    expect(
      (await shop.engine.query({ measures: ["sales.lines"], filters: [{ segment: "drawn" }] })).rows[0]!["sales.lines"],
    ).toBe((await shop.sql("select count(*) n from sales where customer_id in (3, 7, 11)"))[0]!["n"]);
    expect(
      (await shop.engine.query({ measures: ["sales.lines"], dimensions: ["segments.drawn"] })).rows.map(
        (row) => row["sales.lines"],
      ),
    ).toEqual(
      (
        await shop.sql(
          "select customer_id is not null and customer_id in (3, 7, 11) x, count(*) n from sales group by 1 order by 1",
        )
      ).map((row) => row["n"]),
    );
  });
  test("obeys its rule too, and an empty list has no members", async () => {
    expect(
      (await shop.engine.query({ measures: ["sales.lines"], filters: [{ segment: "drawn_german" }] })).rows[0]![
        "sales.lines"
      ],
    ).toBe((await shop.sql("select count(*) n from sales where customer_id in (4, 8)"))[0]!["n"]);
    expect(
      (await shop.engine.query({ measures: ["sales.lines"], filters: [{ segment: "nobody" }] })).rows[0]![
        "sales.lines"
      ],
    ).toBe(0);
  });
});
