import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveModel } from "../../../../engine/model/resolve-model.ts";
import { calculated, countDistinct, defineCube, type ProjectSpec } from "../../../../engine/model/index.ts";
import { catalogView } from "../../../../engine/query/inspect/catalog-view.ts";
import { drillthrough } from "../../../../engine/query/inspect/drillthrough.ts";
import { explain } from "../../../../engine/query/inspect/explain.ts";
import { members } from "../../../../engine/query/inspect/members.ts";
import type { Query } from "../../../../engine/model/query.ts";
import { segmentSize } from "../../../../engine/query/inspect/segment-size.ts";
import type { Engine } from "../../../../engine/query/answer/engine.ts";
import { openShop, project, sales, service } from "../../support/shop.ts";

const spec = {
  ...project,
  cubes: [
    defineCube({
      ...sales,
      measures: {
        ...sales.measures,
        names: countDistinct("customer_id", {
          where: [{ member: "customer.city", operator: "equals", values: ["City 1"] }],
        }),
        spread: calculated("margin * 2"),
      },
      rollups: {
        monthly: { dimensions: ["date.month", "customer.country"], measures: ["revenue", "lines"] },
        named: { dimensions: ["customer.name"], measures: ["revenue"] },
      },
    }),
    service,
    ...project.cubes.slice(2),
  ],
  roles: {
    germany: {
      rows: [{ member: "customer.country", operator: "equals", values: ["DE"] }],
      hide: ["sales.cost"],
      mask: ["customer.name"],
    },
    new_ones: { rows: [{ member: "customer.status", operator: "equals", values: ["old"] }] },
    not_germany: { rows: [{ member: "customer.country", operator: "not_equals", values: ["DE"] }] },
    shops: {
      rows: [{ member: "sales.channel", operator: "equals", values: ["web"] }],
      show: ["service.cases_per_order"],
    },
    big: { rows: [{ segment: "big" }] },
    bargains: { rows: [{ member: "promotion.type", operator: "equals", values: ["extra"] }] },
    nobody: {},
    no_cities: { hide: ["customer.city", "service"], show: ["sales"] },
  },
} as unknown as ProjectSpec;
let shop: Awaited<ReturnType<typeof openShop>>;
let as: (role: string) => Engine;
beforeAll(async () => {
  shop = await openShop(spec);
  as = (role) => shop.engine.as(role);
});
afterAll(() => shop.close());

const one = async (engine: Engine, query: Query): Promise<unknown[]> =>
  (await engine.query(query)).rows.map((row) => Object.values(row));
const number = async (sql: string): Promise<number> => Number(Object.values((await shop.sql(sql))[0]!)[0]);
const NOW = "(select * from customer where valid_until is null)";
const failing = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no error",
    (error: Error) => error.message,
  );

describe("row rules", () => {
  test("restrict every fact of a query, its totals, comparisons and windows", async () => {
    expect(await one(as("germany"), { measures: ["sales.revenue", "service.cases"] })).toEqual([
      [
        await number(`select sum(amount) from sales join ${NOW} using (customer_id) where country = 'DE'`),
        await number(`select count(*) from cases join ${NOW} using (customer_id) where country = 'DE'`),
      ],
    ]);
    const compared: Query = {
      measures: ["sales.revenue", "sales.revenue_running"],
      dimensions: ["date.month"],
      filters: [{ member: "date", operator: "in_range", values: ["2025-01", "2025-03"] }],
      compare: { dimension: "date", to: "previous_year" },
      totals: true,
    };
    const mine = await as("germany").query(compared);
    const owners = await shop.engine.query({
      ...compared,
      filters: [...compared.filters!, { member: "customer.country", operator: "equals", values: ["DE"] }],
    });
    expect([mine.rows, mine.totals]).toEqual([owners.rows, owners.totals]);
  });
  test("see members as they are now, whatever the query's history", async () => {
    const want = await number(`select count(*) from sales join ${NOW} using (customer_id) where status = 'old'`);
    for (const history of ["as_is", "as_was", { as_of: "2024-03-01" }] as const) {
      const { rows } = await as("new_ones").query({
        measures: ["sales.lines"],
        dimensions: ["customer.status"],
        history,
      });
      expect(rows.reduce((sum, row) => sum + Number(row["sales.lines"]), 0)).toBe(want);
    }
    expect(
      (
        await as("new_ones").query({ measures: ["sales.lines"], dimensions: ["customer.status"], history: "as_was" })
      ).rows.map((row) => row["customer.status"]),
    ).toContain("new");
  });
  test("let unknown members pass only by a negation", async () => {
    expect(await one(as("not_germany"), { measures: ["sales.lines"] })).toEqual([
      [
        await number(
          `select count(*) from sales left join ${NOW} using (customer_id) where country is distinct from 'DE'`,
        ),
      ],
    ]);
  });
  test("may be segments and many-to-many, which count each fact once", async () => {
    expect(await one(as("big"), { measures: ["sales.lines"] })).toEqual(
      await one(shop.engine, { measures: ["sales.lines"], filters: [{ segment: "big" }] }),
    );
    expect(await one(as("bargains"), { measures: ["sales.lines"] })).toEqual([
      [
        await number(
          "select count(*) from sales where sale_id in (select sale_id from sale_promotion where promotion_id = 3)",
        ),
      ],
    ]);
  });
  test("hold in members, drill-through, segments and their sizes", async () => {
    expect((await members(as("germany"), "customer.country")).values).toEqual(["DE"]);
    expect((await members(as("germany"), "customer.city")).values).toEqual(
      (await shop.sql(`select distinct city from ${NOW} where country = 'DE' order by 1`)).map((row) => row["city"]),
    );
    const rows = await drillthrough(as("germany"), {
      measures: ["sales.revenue"],
      dimensions: ["customer.country"],
      limit: 10_000,
    });
    expect(new Set(rows.rows.map((row) => row["customer.country"]))).toEqual(new Set(["DE"]));
    expect(rows.rows).toHaveLength(
      await number(`select count(*) from sales join ${NOW} using (customer_id) where country = 'DE'`),
    );
    expect(
      await segmentSize(as("germany"), {
        over: "customer",
        filters: [{ member: "sales.revenue", operator: "gt", values: [0] }],
      }),
    ).toEqual({
      members: await number(
        `select count(*) from (select customer_id from sales join ${NOW} using (customer_id) where country = 'DE' group by 1 having sum(amount) > 0)`,
      ),
      of: await number(`select count(*) from ${NOW} where country = 'DE'`),
    });
  });
  test("are shown by explain, and applied by a rollup that holds their members", async () => {
    const { rules, rollups } = await explain(as("germany"), {
      measures: ["sales.revenue"],
      dimensions: ["date.month"],
    });
    expect(rules).toEqual([
      { cube: "sales", rules: [{ member: "customer.country", operator: "equals", values: ["DE"] }] },
    ]);
    expect(rollups.find((r) => r.name === "sales.monthly")!.used).toBe(true);
    expect(await one(as("germany"), { measures: ["sales.revenue"] })).toEqual([
      [await number(`select sum(amount) from sales join ${NOW} using (customer_id) where country = 'DE'`)],
    ]);
    expect(
      (await explain(as("new_ones"), { measures: ["sales.revenue"], dimensions: ["date.month"] })).rollups.find(
        (r) => r.name === "sales.monthly",
      ),
    ).toMatchObject({ used: false, reason: "it lacks the filter's customer.status" });
  });
});

describe("what a role sees", () => {
  test("a cube without a rule of the role is hidden, unless it is shown", async () => {
    expect([...as("shops").catalog.cubes.keys()]).toEqual(["sales", "service"]);
    expect([...as("nobody").catalog.cubes.keys()]).toEqual([]);
    expect([...as("nobody").catalog.roles.keys()]).toEqual([]);
    expect(await failing(as("germany").query({ measures: ["stock.on_hand"] }))).toMatch(
      /^measure "stock\.on_hand" not found/,
    );
  });
  test("hidden and unknown names fail with the same words", async () => {
    const engine = as("germany");
    for (const [hidden, unknown] of [
      ["sales.cost", "sales.xyzw"],
      ["sales.margin_rate", "sales.qqqqqqqqqq"],
      ["sales.spread", "sales.zzzzz"],
    ] as const) {
      expect(await failing(engine.query({ measures: [hidden] }))).toBe(
        (await failing(engine.query({ measures: [unknown] }))).replaceAll(unknown, hidden),
      );
      expect(
        await failing(
          engine.query({ measures: ["sales.lines"], filters: [{ member: hidden, operator: "gt", values: [1] }] }),
        ),
      ).toBe(
        await failing(
          engine.query({ measures: ["sales.lines"], filters: [{ member: unknown, operator: "gt", values: [1] }] }),
        ).then((text) => text.replaceAll(unknown, hidden)),
      );
      expect(
        await failing(engine.query({ measures: ["sales.lines", { name: "mine", formula: `${hidden} + 1` }] })),
      ).toMatch(/^measure ".+" not found/);
      expect(await failing(engine.query({ measures: ["sales.lines"], order: [{ member: hidden }] }))).not.toBe(
        "no error",
      );
    }
  });
  test("what is computed from something hidden is hidden with it, across cubes and through filters", () => {
    expect(as("germany").catalog.measures.has("service.profit")).toBe(false);
    expect(as("germany").catalog.measures.has("service.cases_per_order")).toBe(true);
    expect(as("no_cities").catalog.measures.has("sales.names")).toBe(false);
    expect(as("no_cities").catalog.roles.get("customer")!.dimension.hierarchies.get("geography")).toEqual(["country"]);
    const view = JSON.stringify(catalogView(as("no_cities")));
    expect(view).not.toMatch(/customer\.city|service|sales\.names/);
  });
  test("an error names no hidden dimension, cube or member", async () => {
    const engine = as("no_cities");
    for (const query of [
      { measures: ["sales.lines"], dimensions: ["customer.cit"] },
      { measures: ["servce.cases"] },
      { measures: ["sales.lines"], filters: [{ segment: "german_or_busy" }] },
    ]) {
      await engine.query(query as Query).then(
        () => {
          throw new Error("answered");
        },
        (error: { message: string; remedy?: string }) => {
          expect(`${error.message} ${error.remedy ?? ""}`).not.toMatch(/customer\.city|service\.|busy,/);
        },
      );
    }
  });
});

describe("trap 38: a mask is undone by filtering, sorting or grouping on the masked member", () => {
  const masked = "customer.name";
  test("its value is neither shown nor distinguished", async () => {
    const { rows } = await as("germany").query({
      measures: ["sales.lines"],
      dimensions: [masked],
      order: [{ member: masked }],
      totals: true,
    });
    expect(rows).toEqual([
      {
        [masked]: "•••",
        "sales.lines": await number(`select count(*) from sales join ${NOW} using (customer_id) where country = 'DE'`),
      },
    ]);
    expect((await members(as("germany"), masked, { search: "Name" })).values.every((v) => v === "•••")).toBe(true);
    expect(
      (await drillthrough(as("germany"), { measures: ["sales.revenue"], dimensions: [masked], limit: 5 })).rows.every(
        (row) => row[masked] === "•••",
      ),
    ).toBe(true);
  });
  test("it cannot be filtered by, in a query, a cell, a segment or a ranking's others", async () => {
    const filter = { member: masked, operator: "starts_with" as const, values: ["Name 1"] };
    for (const work of [
      as("germany").query({ measures: ["sales.lines"], filters: [filter] }),
      as("germany").query({
        measures: ["sales.lines"],
        filters: [{ or: [{ not: filter }, { member: "customer.country", operator: "equals", values: ["DE"] }] }],
      }),
      drillthrough(as("germany"), { measures: ["sales.lines"], cell: { [masked]: "Name 4" } }),
      segmentSize(as("germany"), { over: "customer", filters: [filter] }),
      as("germany").query({
        measures: ["sales.lines"],
        dimensions: [masked],
        top: [{ dimension: masked, by: "sales.lines", n: 1, others: true }],
      }),
    ].entries())
      expect(await failing(work[1] as Promise<unknown>), String(work[0])).toMatch(
        /"customer\.name" is masked for your role/,
      );
  });
  test("a rollup that holds the true value is not used", async () => {
    expect((await as("germany").query({ measures: ["sales.revenue"], dimensions: [masked] })).meta.rollup).toBeNull();
    expect((await shop.engine.query({ measures: ["sales.revenue"], dimensions: [masked] })).meta.rollup).toBe(
      "sales.named",
    );
  });
});

test("trap 33: no answer, plan or page of one role is given to another", async () => {
  const query: Query = { measures: ["sales.lines"], dimensions: ["customer.city"], limit: 2 };
  const [mine, theirs, owners] = [
    await as("germany").query(query),
    await as("not_germany").query(query),
    await shop.engine.query(query),
  ];
  expect(mine.rows).not.toEqual(theirs.rows);
  expect((await as("germany").query(query)).rows).toEqual(mine.rows);
  expect(await failing(as("not_germany").query({ ...query, cursor: mine.meta.next! }))).toMatch(
    /another query, model or role/,
  );
  expect(await failing(as("germany").query({ ...query, cursor: owners.meta.next! }))).toMatch(
    /another query, model or role/,
  );
  expect((await as("germany").query({ ...query, cursor: mine.meta.next! })).rows.length).toBeGreaterThan(0);
});

describe("declared roles", () => {
  test("are checked all at once", () => {
    const { problems } = resolveModel({
      ...spec,
      roles: {
        odd: {
          rows: [
            { member: "customer.contry", operator: "equals", values: [1] },
            { member: "sales.revenue", operator: "gt", values: [1] },
          ],
          hide: ["sales.nothing"],
          mask: ["date.day", "sales.revenue"],
        },
      },
    } as ProjectSpec);
    expect(problems.map((p) => `${p.place}: ${p.message}`)).toEqual([
      'role odd › rows: member "customer.contry" not found (did you mean "customer.country"?)',
      "role odd › rows: sales.revenue is a measure",
      expect.stringMatching(/^role odd › hide: member "sales\.nothing" not found/) as unknown as string,
      "role odd › mask: date.day cannot be masked",
      "role odd › mask: sales.revenue cannot be masked",
    ]);
  });
  test("access: allow shows what no rule is about, and still not what a rule can only half decide", async () => {
    const open = await openShop({
      ...spec,
      access: "allow",
      roles: {
        web: { rows: [{ member: "sales.channel", operator: "equals", values: ["web"] }] },
        half: {
          rows: [
            {
              or: [
                { member: "product.category", operator: "equals", values: ["Category 1"] },
                { member: "promotion.type", operator: "equals", values: ["extra"] },
              ],
            },
          ],
        },
      },
    } as ProjectSpec);
    try {
      expect(await one(open.engine.as("web"), { measures: ["service.cases"] })).toEqual([[300]]);
      expect([...open.engine.as("half").catalog.cubes.keys()]).toEqual(["sales", "service", "visits"]); // stock has products and no promotions
    } finally {
      await open.close();
    }
  });
  test("one that is not declared is refused", () => {
    expect(() => as("toString")).toThrow('role "toString" not found');
  });
});
