import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as crm from "../../cubes/index.ts";
import type { Filter, Query, Value } from "../../engine/index.ts";
import { openProject, type OpenProject } from "../../etl/project/open-project.ts";
import { loadedDemo, type LoadedDemo } from "../etl/demo/_demo.ts";

let demo: LoadedDemo;
let project: OpenProject;

beforeAll(async () => {
  demo = await loadedDemo();
  project = (await openProject(demo.spec, { folder: demo.home })) as unknown as OpenProject;
});
afterAll(async () => {
  await project?.close();
  demo?.remove();
});

const in2025: Filter = { member: "date", operator: "in_range", values: ["2025"] };
const ask = async (query: Query): Promise<readonly { readonly [member: string]: Value }[]> =>
  (await project.query(query)).rows;
const one = async (measures: readonly string[], filters: readonly Filter[] = []): Promise<Value[]> => {
  const [row] = await ask({ measures, filters });
  return measures.map((measure) => row?.[measure] ?? null);
};
/** The answer of a hand-written statement, its decimals as numbers. */
const sql = async (statement: string): Promise<number[]> =>
  Object.values((await project.sql(statement)).rows[0]!).map(Number);
const close = (found: readonly Value[], expected: readonly number[]): void => {
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => expect(Number(value)).toBeCloseTo(expected[i]!, 6));
};

describe("the CRM's cubes over the demo company", () => {
  it("answer every measure, alone and as the total of its months", async () => {
    for (const cube of project.catalog().cubes) {
      const plain = cube.measures
        .filter((measure) => measure.kind !== "share" && measure.kind !== "rank")
        .map((measure) => measure.member);
      const alone = await one(plain, [in2025]);
      const found = await project.query({
        measures: plain,
        dimensions: ["date.month"],
        filters: [in2025],
        totals: true,
      });
      const total = found.totals?.find((each) => each.level.length === 0)?.row ?? {};
      // nobody has asked or loaded anything here but the demo's own data
      expect(found.rows.length > 0, cube.name).toBe(alone.some((value) => value !== null && value !== 0));
      expect(found.rows.length, cube.name).toBeLessThanOrEqual(12);
      close(
        plain.map((measure) => total[measure] ?? null),
        alone.map(Number),
      );
      for (const { member } of cube.measures)
        expect(Object.keys((await ask({ measures: [member] }))[0] ?? {})).toEqual([member]);
    }
  });

  it("answer every attribute of every role and cube: its members, and beside them the measure's own total", async () => {
    const { cubes, roles } = project.catalog();
    const totals = new Map<string, Value>();
    const isAnswered = async (measure: string, attribute: string): Promise<void> => {
      const known = totals.get(measure) ?? (await one([measure]))[0] ?? null;
      totals.set(measure, known);
      const found = await project.query({ measures: [measure], dimensions: [attribute], limit: 5, totals: true });
      expect(found.rows.length > 0, attribute).toBe(known !== null && known !== 0);
      for (const row of found.rows) expect(Object.keys(row), attribute).toEqual([attribute, measure]);
      const total = found.totals?.find((each) => each.level.length === 0)?.row[measure] ?? null;
      expect(Number(total), `${measure} by ${attribute}`).toBeCloseTo(Number(known), 6);
    };
    for (const role of roles) {
      const cube = cubes.find((each) => each.roles.includes(role.name))!;
      for (const attribute of role.attributes) {
        if (
          attribute.level === "hour" ||
          attribute.level === "minute" ||
          attribute.name === "hour_of_day" ||
          attribute.model !== undefined
        )
          continue;
        await isAnswered(cube.measures[0]!.member, attribute.member);
      }
    }
    for (const cube of cubes)
      for (const attribute of cube.attributes) await isAnswered(cube.measures[0]!.member, attribute.member);
  });

  it("answer every dashboard's tiles with rows", async () => {
    for (const dashboard of crm.dashboards) {
      const period: Filter = { member: dashboard.date, operator: "in_range", values: [dashboard.period] };
      for (const tile of dashboard.tiles) {
        const own = tile.kind === "kpi" ? undefined : (tile.query as Query);
        const query: Query =
          tile.kind === "kpi"
            ? {
                measures: [tile.measure, ...("target" in tile && typeof tile.target === "string" ? [tile.target] : [])],
                filters: [period],
              }
            : {
                ...own!,
                filters: own!.filters?.some((filter) => "member" in filter && filter.member === dashboard.date)
                  ? own!.filters
                  : [...(own!.filters ?? []), period],
              };
        const rows = await ask(query);
        expect(rows.length, `${dashboard.name} › ${tile.title}`).toBeGreaterThan(0);
        expect(
          Object.values(rows[0]!).some((value) => value !== null),
          `${dashboard.name} › ${tile.title}`,
        ).toBe(true);
      }
    }
  });

  it('count "now" from the last day of the three years, not from the runs and the tasks to come', async () => {
    expect(
      (
        await project.query({
          measures: ["sales.revenue"],
          filters: [{ member: "date", operator: "in_range", values: ["this month"] }],
        })
      ).meta.now,
    ).toBe("2025-12-31");
  });

  it("match hand-written SQL on sales", async () => {
    close(
      await one(
        [
          "sales.revenue",
          "sales.cost",
          "sales.margin",
          "sales.orders",
          "sales.buyers",
          "sales.average_order",
          "sales.returns",
          "sales.return_rate",
          "sales.net_margin",
          "sales.late_orders",
        ],
        [in2025],
      ),
      await sql(`SELECT sum(net_amount), sum(cost_amount), sum(net_amount) - sum(cost_amount), count(DISTINCT order_id), count(DISTINCT customer_id), sum(net_amount)::DOUBLE / count(DISTINCT order_id), sum(returned_amount), sum(returned_amount)::DOUBLE / sum(net_amount)::DOUBLE,
        sum(net_amount) - sum(cost_amount) - sum(returned_margin_amount), count(DISTINCT order_id) FILTER (delivered_late) FROM fact_sales WHERE year(order_date) = 2025`),
    );
  });

  it("subtract service and contacts from each customer's margin without counting a line twice", async () => {
    close(
      await one(["sales.profit"], [in2025]),
      await sql(
        "SELECT (SELECT sum(net_amount - cost_amount - returned_margin_amount) FROM fact_sales WHERE " +
          "year(order_date) = 2025) - (SELECT sum(cost_amount) FROM fact_cases WHERE year(opened_on) = 2025) " +
          "- (SELECT sum(cost_amount) FROM fact_touches WHERE year(touched_on) = 2025)",
      ),
    );
    const found = await ask({ measures: ["sales.profit"], dimensions: ["customer.country"], filters: [in2025] });
    const whole = found.reduce((sum, row) => sum + Number(row["sales.profit"]), 0);
    expect(whole).toBeCloseTo(Number((await one(["sales.profit"], [in2025]))[0]), 4);
  });

  it("keep the total for every version of the customer", async () => {
    const query: Query = { measures: ["sales.revenue"], dimensions: ["customer.segment"] };
    const [is, was] = [await ask(query), await ask({ ...query, history: "as_was" })];
    const sum = (rows: readonly { readonly [member: string]: Value }[]): number =>
      rows.reduce((total, row) => total + Number(row["sales.revenue"]), 0);
    expect(sum(was)).toBeCloseTo(sum(is), 4);
    const tier = (rows: readonly { readonly [member: string]: Value }[], name: string): Value =>
      rows.find((row) => row["customer.segment"] === name)!["sales.revenue"]!;
    expect(tier(was, "Basic")).not.toBe(tier(is, "Basic"));
  });

  it("evaluate campaigns against their control groups", async () => {
    close(
      await one(["assignments.treated_rate", "assignments.held_out_rate", "assignments.extra_revenue"]),
      await sql(
        "SELECT avg(conversions) FILTER (treated), avg(conversions) FILTER (NOT treated), " +
          "sum(revenue_amount) FILTER (treated)::DOUBLE - sum(revenue_amount) FILTER (NOT treated)::DOUBLE / " +
          "count(*) FILTER (NOT treated) * count(*) FILTER (treated) FROM fact_assignments",
      ),
    );
  });

  it("report open deals as a stock, not as a sum over months", async () => {
    close(
      await one(["pipeline.value", "pipeline.open"], [in2025]),
      await sql("SELECT sum(value_amount), count(*) FROM fact_pipeline WHERE snapshot_on = '2025-12-31'"),
    );
  });

  it("match hand-written SQL on promises, responses and quotas", async () => {
    close(
      await one(["service.cases", "service.kept_rate", "service.median_first_answer", "service.complaints"], [in2025]),
      await sql(
        "SELECT count(*), count(*) FILTER (within_promise) / count(within_promise)::DOUBLE, " +
          "median(first_answer_minutes::DOUBLE), count(*) FILTER (is_complaint) FROM fact_cases JOIN " +
          "dim_topic USING (topic_id) WHERE year(opened_on) = 2025",
      ),
    );
    close(
      await one(["satisfaction.nps", "satisfaction.score"], [in2025]),
      await sql(
        "SELECT 100.0 * (count(*) FILTER (recommend >= 9) - count(*) FILTER (recommend <= 6)) / count(*) " +
          "FILTER (answered), avg(score) FROM fact_satisfaction WHERE year(asked_on) = 2025",
      ),
    );
    close(
      await one(
        ["quotas.gap", "sales.quota_attainment"],
        [in2025, { member: "salesperson.name", operator: "not_null" }],
      ),
      await sql(
        "WITH s AS (SELECT sum(net_amount) AS r FROM fact_sales JOIN dim_salesperson USING " +
          "(salesperson_id) JOIN dim_channel USING (channel_id) WHERE channel_name = 'Business' AND " +
          "year(order_date) = 2025), q AS (SELECT sum(quota_amount) AS a FROM fact_quotas WHERE " +
          "year(month_on) = 2025) SELECT r - a, r::DOUBLE / a::DOUBLE FROM s, q",
      ),
    );
  });

  it("count the members of each segment", async () => {
    for (const segment of crm.segments) {
      const [buyers] = await one(["sales.buyers"], [{ segment: segment.name }]);
      expect(Number(buyers), segment.name).toBeGreaterThan(0);
    }
    const { range } = (
      await project.query({
        measures: ["sales.revenue"],
        filters: [{ member: "date", operator: "in_range", values: ["last 365 days"] }],
      })
    ).meta;
    const [vip] = await sql(
      "SELECT count(*) FROM (SELECT customer_id FROM fact_sales WHERE order_date BETWEEN DATE " +
        `'${range![0]}' AND DATE '${range![1]}' AND customer_id IS NOT NULL GROUP BY customer_id HAVING ` +
        "sum(net_amount) > 2500)",
    );
    expect(Number((await one(["sales.buyers"], [{ segment: "vip" }]))[0])).toBe(vip);
  });

  it("show the loads behind the data", async () => {
    const rows = await ask({
      measures: ["loads.rows_read", "loads.unaccounted", "loads.rows_rejected"],
      dimensions: ["loads.job"],
    });
    expect(rows).toHaveLength(30);
    expect(rows.every((row) => row["loads.unaccounted"] === 0)).toBe(true);
  });
});
