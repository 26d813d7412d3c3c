import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveModel } from "../../../engine/model/resolve-model.ts";
import {
  count,
  countDistinct,
  defineCube,
  defineDateDimension,
  defineProject,
  defineSegment,
  max,
  median,
  sum,
  type ProjectSpec,
} from "../../../engine/model/index.ts";
import type { Engine } from "../../../engine/query/answer/engine.ts";
import { openEngine } from "../../../engine/query/answer/open-engine.ts";
import { explain } from "../../../engine/query/inspect/explain.ts";
import { rollupDefinitions } from "../../../engine/rollup/index.ts";
import type { Query, Row } from "../../../engine/model/query.ts";
import { defineJob, files, loadInProcess } from "../../../etl/index.ts";
import { openProject } from "../../../etl/project/open-project.ts";
import { openShop, project, sales, service } from "../support/shop.ts";
import { CURRENT, near } from "./_traps.ts";

const MEASURES = {
  ...sales.measures,
  recent: sum("amount", { where: [{ member: "date", operator: "in_range", values: ["last 3 months"] }] }),
  big_revenue: sum("amount", { where: [{ segment: "big" }] }),
  recent_lines: count({ where: [{ not: { member: "date", operator: "before", values: ["this month"] } }] }),
};
const rollups = {
  daily: {
    dimensions: ["date.day", "customer.country", "product.category"],
    measures: ["revenue", "lines", "orders", "cost", "middle", "biggest", "web_revenue"],
  },
  monthly: { dimensions: ["date.month", "customer.age_band"], measures: ["revenue", "lines", "buyers", "cost"] },
  restless: { dimensions: ["date.day", "customer.country"], measures: ["recent", "recent_lines", "big_revenue"] },
};
const wide = defineCube({ ...sales, measures: MEASURES, rollups });
const spec = (change: Partial<ProjectSpec> = {}): ProjectSpec => ({ ...project, cubes: [wide, service], ...change });
let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop(spec());
});
afterAll(() => shop.close());

const values = (rows: readonly Row[] | readonly Record<string, unknown>[]): unknown[][] =>
  rows.map((row) => Object.values(row).map(near));
async function same(query: Query, sql: string, engine: Engine = shop.engine): Promise<string | null> {
  const { rows, meta } = await engine.query(query);
  expect(values(rows)).toEqual(values(await shop.sql(sql)));
  return meta.rollup;
}

describe("rollups", () => {
  test("trap 30: a question whose filter, level or measure needs what a rollup lacks is read from the facts", async () => {
    const lacking: readonly (readonly [Query, string])[] = [
      [
        { measures: ["sales.revenue"], filters: [{ member: "sales.channel", operator: "equals", values: ["web"] }] },
        "select sum(amount) from sales where channel = 'web'",
      ],
      [
        {
          measures: ["sales.revenue"],
          filters: [
            {
              or: [
                { member: "customer.country", operator: "equals", values: ["DE"] },
                { member: "customer.status", operator: "equals", values: ["new"] },
              ],
            },
          ],
        },
        `select sum(amount) from sales left join ${CURRENT} c using (customer_id) where country = 'DE' or status = 'new'`,
      ],
      [
        {
          measures: ["sales.revenue"],
          dimensions: ["customer.age_band"],
          filters: [
            { member: "date", operator: "in_range", values: ["2024-02-10", "2024-03-30"] },
            { member: "customer.age_band", operator: "equals", values: ["< 30"] },
          ],
        },
        `select '< 30', sum(amount) from sales join ${CURRENT} c using (customer_id) where age < 30 and sold_on between '2024-02-10' and '2024-03-30'`,
      ],
      [
        { measures: ["sales.revenue"], filters: [{ segment: "big" }] },
        `select sum(amount) from sales where customer_id in (select customer_id from sales join ${CURRENT} using (customer_id) group by 1 having sum(amount) > 1000)`,
      ],
      [
        { measures: ["sales.revenue"], filters: [{ member: "promotion.type", operator: "equals", values: ["extra"] }] },
        "select sum(amount) from sales where sale_id in (select sale_id from sale_promotion where promotion_id = 3)",
      ],
      [
        {
          measures: ["sales.lines"],
          dimensions: ["customer.status"],
          history: "as_was",
          filters: [{ member: "date", operator: "in_range", values: ["2024"] }],
        },
        "select status, count(*) from sales s left join customer c on s.customer_version = c.customer_version where year(sold_on) = 2024 group by 1 order by 1 nulls last",
      ],
    ];
    for (const [query, sql] of lacking) expect(await same(query, sql)).toBeNull();
    expect(
      await same(
        { measures: ["sales.revenue"], dimensions: ["customer.country"] },
        `select country, sum(amount) from sales left join ${CURRENT} c using (customer_id) group by 1 order by 1 nulls last`,
      ),
    ).toBe("sales.daily");
    expect(
      await same(
        {
          measures: ["sales.revenue", "sales.margin_rate"],
          filters: [{ member: "date", operator: "in_range", values: ["2024-02", "2024-03"] }],
        },
        "select sum(amount), (sum(amount) - sum(cost)) / sum(amount) from sales where sold_on between '2024-02-01' and '2024-03-31'",
      ),
    ).toBe("sales.monthly");
  });

  test("trap 31: distinct counts, medians and ratios are never summed from a rollup", async () => {
    await same(
      {
        measures: ["sales.orders", "sales.middle", "sales.margin_rate", "sales.biggest"],
        dimensions: ["customer.country"],
      },
      `select country, count(distinct order_id), median(amount::double), (sum(amount) - sum(s.cost)) / sum(amount), max(amount) from sales s left join ${CURRENT} c using (customer_id) group by 1 order by 1 nulls last`,
    );
    await same(
      { measures: ["sales.buyers"], dimensions: ["date.year"] },
      "select date_trunc('year', sold_on)::date::varchar, count(distinct customer_id) from sales group by 1 order by 1",
    );
    await same(
      {
        measures: ["sales.buyers", "sales.lines"],
        dimensions: ["date.month", "customer.age_band"],
        filters: [
          { member: "customer.age_band", operator: "equals", values: ["≥ 50"] },
          { member: "date", operator: "in_range", values: ["2024-05"] },
        ],
      },
      `select '2024-05-01', '≥ 50', count(distinct customer_id), count(*) from sales join ${CURRENT} c using (customer_id) where age >= 50 and sold_on between '2024-05-01' and '2024-05-31'`,
    );
    const { totals } = await shop.engine.query({
      measures: ["sales.buyers"],
      dimensions: ["date.month", "customer.age_band"],
      totals: true,
    });
    expect(totals![0]!.row["sales.buyers"]).toBe(
      (await shop.sql("select count(distinct customer_id) n from sales"))[0]!["n"],
    );
  });

  test("trap 32: a rollup answers with late, changed and deleted facts after each load", async () => {
    const folder = mkdtempSync(join(tmpdir(), "traps-"));
    mkdirSync(join(folder, "drops"));
    const date = defineDateDimension({ name: "date", from: "2024-01-01", until: "2024-12-31" });
    const cube = defineCube({
      name: "sales",
      table: "lines",
      grain: ["id"],
      dimensions: { date: { to: date, on: "day" } },
      attributes: { shop: "shop" },
      measures: {
        amount: sum("amount"),
        lines: count(),
        shops: countDistinct("shop"),
        most: max("amount"),
        middle: median("amount"),
      },
      rollups: { monthly: { dimensions: ["date.month", "sales.shop"], measures: ["amount", "lines", "most"] } },
    });
    const job = defineJob({
      name: "lines",
      source: files({ name: "drops", path: "./drops" }),
      extract: { file: "lines.csv" },
      columns: { id: "bigint", day: "date", shop: "varchar", amount: "decimal(10,2)" },
      into: { table: "lines", mode: "replace" },
    });
    const company = defineProject({
      name: "late",
      warehouse: { path: "./warehouse", memoryLimit: "500MB", threads: 2 },
      dimensions: [date],
      cubes: [cube],
      jobs: [job],
    });
    const drop = (lines: readonly string[]): void =>
      writeFileSync(join(folder, "drops", "lines.csv"), `id,day,shop,amount\n${lines.join("\n")}\n`);
    const ask = async (): Promise<unknown> => {
      const open = await openProject(company as ProjectSpec, { folder });
      try {
        const { rows, meta } = await open.query({
          measures: ["sales.amount", "sales.lines", "sales.most"],
          dimensions: ["date.month"],
        });
        return { rollup: meta.rollup, rows: values(rows) };
      } finally {
        await open.close();
      }
    };
    try {
      drop(["1,2024-01-05,a,10.00", "2,2024-01-06,b,20.00", "3,2024-02-01,a,5.00"]);
      await loadInProcess({ spec: company, folder, environment: {} });
      expect(await ask()).toEqual({
        rollup: "sales.monthly",
        rows: [
          ["2024-01-01", 30, 2, 20],
          ["2024-02-01", 5, 1, 5],
        ],
      });
      drop(["1,2024-01-05,a,11.00", "3,2024-02-01,a,5.00", "4,2024-01-31,c,7.00", "5,2024-02-02,a,1.50"]); // 1 changed, 2 deleted, 4 late, 5 new
      await loadInProcess({ spec: company, folder, environment: {} });
      expect(await ask()).toEqual({
        rollup: "sales.monthly",
        rows: [
          ["2024-01-01", 18, 2, 11],
          ["2024-02-01", 6.5, 2, 5],
        ],
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("trap 33: a rollup of a measure with a relative date is not asked for another day than its own", async () => {
    const query: Query = { measures: ["sales.recent"], dimensions: ["customer.country"] };
    await same(
      query,
      `select country, sum(amount) from sales left join ${CURRENT} c using (customer_id) where sold_on between '2025-03-01' and '2025-05-31' group by 1 order by 1 nulls last`,
    );
    await same(
      { ...query, now: "2024-05-15" },
      `select country, sum(amount) from sales left join ${CURRENT} c using (customer_id) where sold_on between '2024-02-01' and '2024-04-30' group by 1 order by 1 nulls last`,
    );
    expect(
      rollupDefinitions(shop.engine.catalog, shop.engine.binding).problems.map((p) => p.message.split(" ")[0]),
    ).toEqual(['"sales.recent"', '"sales.recent_lines"', '"sales.big_revenue"']);
    await same(
      { measures: ["sales.recent_lines"], now: "2025-01-10" },
      "select count(*) from sales where sold_on >= '2025-01-01'",
    );
  });

  test("trap 43: a rollup built from another formula, filter, segment, zone or table is left alone before the next load", async () => {
    const open = async (change: Partial<ProjectSpec>): Promise<Engine> => {
      const { catalog, problems } = resolveModel(spec(change));
      expect(problems).toEqual([]);
      return openEngine({ catalog, serving: shop.engine.serving, today: () => 0 });
    };
    const cube = (more: object): ProjectSpec["cubes"] => [defineCube({ ...wide, ...more }), service];
    const formula = await open({ cubes: cube({ measures: { ...MEASURES, revenue: sum({ sql: "amount * 2" }) } }) });
    await same({ measures: ["sales.revenue"] }, "select 2 * sum(amount) from sales", formula);
    const filter = await open({
      cubes: cube({
        measures: {
          ...MEASURES,
          web_revenue: sum("amount", { where: [{ member: "sales.channel", operator: "equals", values: ["store"] }] }),
        },
      }),
    });
    await same({ measures: ["sales.web_revenue"] }, "select sum(amount) from sales where channel = 'store'", filter);
    const segment = await open({
      segments: [
        ...project.segments.filter((s) => s.name !== "big"),
        defineSegment({
          name: "big",
          over: "customer",
          filters: [{ member: "customer.country", operator: "equals", values: ["FR"] }],
        }),
      ],
    });
    await same(
      { measures: ["sales.big_revenue"] },
      `select sum(amount) from sales join ${CURRENT} c using (customer_id) where country = 'FR'`,
      segment,
    );
    const zone = await open({ timeZone: "Asia/Shanghai" });
    expect(zone.unusable.get("sales.daily")).toBe(
      "it was built from another definition; the next load builds it again",
    );
    const table = await open({ cubes: cube({ table: undefined, sql: "select * from sales where channel = 'web'" }) });
    await same({ measures: ["sales.revenue"] }, "select sum(amount) from sales where channel = 'web'", table);
    expect((await explain(formula, { measures: ["sales.revenue"] })).rollups.map((r) => r.reason)).toEqual([
      "it was built from another definition; the next load builds it again",
      "it was built from another definition; the next load builds it again",
    ]);
  });
});
