import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Filter } from "../../../../engine/model/filter.ts";
import { drillthrough } from "../../../../engine/query/inspect/drillthrough.ts";
import { openShop } from "../../support/shop.ts";

const late = {
  member: "service.topic",
  operator: "equals",
  values: ["zz"],
  scope: "entity",
  entity: "customer",
} as const satisfies Filter;
const german: Filter = { member: "customer.country", operator: "equals", values: ["DE"] };
const first: Filter = { member: "customer.city", operator: "equals", values: ["City 0", "City 1", "City 2", "City 3"] };

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop(undefined, ["update cases set topic = 'zz' where case_id % 30 = 0"]);
});
afterAll(() => shop.close());
const counted = async (filters: readonly Filter[]): Promise<unknown> =>
  (await shop.engine.query({ measures: ["sales.lines", "service.cases"], filters })).rows[0];
const bySql = async (sales: string, cases: string): Promise<unknown> =>
  (
    await shop.sql(`
  with z as (select customer_id c from cases where topic = 'zz' and customer_id is not null), de as (select customer_id c from customer where valid_until is null and country = 'DE'), city as (select customer_id c from customer where valid_until is null and city in ('City 0', 'City 1', 'City 2', 'City 3'))
  select (select count(*)::int from sales where ${sales}) "sales.lines", (select count(*)::int from cases where ${cases}) "service.cases"`)
  )[0];

describe("members by another fact's rule", () => {
  test("are the same within a `not` and an `or` as alone: the tree around it does not restrict them", async () => {
    const [inZ, inDe] = [
      "coalesce(customer_id in (select c from z), false)",
      "coalesce(customer_id in (select c from de), false)",
    ];
    expect(await counted([late])).toEqual(await bySql(inZ, "topic = 'zz'"));
    expect(await counted([{ not: late }])).toEqual(await bySql(`not ${inZ}`, "not coalesce(topic = 'zz', false)"));
    expect(await counted([{ or: [late, german] }])).toEqual(
      await bySql(`${inZ} or ${inDe}`, `topic = 'zz' or ${inDe}`),
    );
    expect(await counted([{ not: { and: [late, german] } }])).toEqual(
      await bySql(`not (${inZ} and ${inDe})`, `not coalesce(topic = 'zz' and ${inDe}, false)`),
    );
  });
  test("are those whose facts pass the query's other filters too", async () => {
    const june: Filter = { member: "date", operator: "in_range", values: ["2024-06", "2024-12"] };
    expect(await counted([{ not: late }, june])).toEqual(
      await bySql(
        "sold_on between '2024-06-01' and '2024-12-31' and not coalesce(customer_id in (select customer_id from cases where topic = 'zz' and opened_on between '2024-06-01' and '2024-12-31' and customer_id is not null), false)",
        "opened_on between '2024-06-01' and '2024-12-31' and not coalesce(topic = 'zz', false)",
      ),
    );
    // a fact may be restricted by two of them: neither leads back to itself
    const web: Filter = {
      member: "sales.channel",
      operator: "equals",
      values: ["web"],
      scope: "entity",
      entity: "customer",
    };
    expect(await counted([late, web, first])).toEqual(
      await bySql(
        "channel = 'web' and customer_id in (select c from z) and customer_id in (select c from city)",
        "topic = 'zz' and customer_id in (select customer_id from sales where channel = 'web') and customer_id in (select c from city)",
      ),
    );
  });
  test("are drilled through like any other filter", async () => {
    const { rows } = await drillthrough(shop.engine, {
      measures: ["sales.lines"],
      filters: [{ not: late }],
      limit: 100_000,
    });
    expect(rows.length).toBe(((await counted([{ not: late }])) as Record<string, number>)["sales.lines"]);
  });
  test("are not supported in row rules: segments are", async () => {
    const spec = (await import("../../support/shop.ts")).project;
    const other = await openShop({ ...spec, roles: { late: { rows: [late] } } }).then(
      async (opened) => {
        await opened.close();
        return null;
      },
      (error: Error) => error.message,
    );
    expect(other).toContain("a segment");
  });
});

describe("an `or` over own attributes of two facts", () => {
  const [topic, channel]: Filter[] = [
    { member: "service.topic", operator: "equals", values: ["zz"] },
    { member: "sales.channel", operator: "equals", values: ["web"] },
  ];
  test.each<[string, readonly string[], Filter]>([
    ["asked of both", ["sales.lines", "service.cases"], { or: [topic!, channel!] }],
    ["in the other order", ["sales.lines", "service.cases"], { or: [channel!, topic!] }],
    ["of one of them", ["sales.lines"], { or: [channel!, topic!] }],
    ["negated", ["service.cases"], { not: { or: [channel!, topic!] } }],
  ])("is refused %s, as no fact has both", async (_, measures, filter) => {
    await expect(shop.engine.query({ measures, filters: [filter] })).rejects.toMatchObject({
      code: "filter-invalid",
      message: expect.stringContaining("attributes of two facts"),
    });
    await expect(drillthrough(shop.engine, { measures: [measures[0]!], filters: [filter] })).rejects.toMatchObject({
      code: "filter-invalid",
    });
  });
});
