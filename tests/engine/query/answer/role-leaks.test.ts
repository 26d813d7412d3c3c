import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  calculated,
  count,
  defineCube,
  defineDimension,
  defineProject,
  defineSegment,
  sum,
} from "../../../../engine/model/index.ts";
import { catalogView } from "../../../../engine/query/inspect/catalog-view.ts";
import type { Engine } from "../../../../engine/query/answer/engine.ts";
import { explain } from "../../../../engine/query/inspect/explain.ts";
import { memberList } from "../../../../engine/query/inspect/member-list.ts";
import { members } from "../../../../engine/query/inspect/members.ts";
import { openShop } from "../../support/shop.ts";

const staff = defineDimension({
  name: "staff",
  table: "staff",
  key: "id",
  label: "name",
  attributes: { name: "name", area: "area" },
  parentChild: { reports_to: { parent: "boss", root: 0 } },
});
const events = defineCube({
  name: "events",
  table: "events",
  grain: ["id"],
  dimensions: { staff: { to: staff, on: "staff_id" } },
  attributes: { kind: "kind" },
  measures: {
    n: count(),
    amount: sum("amount"),
    costs: sum("costs"),
    spent: sum("costs"),
    margin: calculated("amount - costs"),
    of_ann: count({ where: [{ member: "staff.reports_to", operator: "descends_from", values: ["Ann"] }] }),
    good: count({ where: [{ member: "events.kind", operator: "equals", values: ["good"] }] }),
  },
});
const spec = defineProject({
  name: "staff",
  warehouse: { path: "unused" },
  now: "2025-06-30",
  dimensions: [staff],
  cubes: [events],
  access: "allow",
  segments: [
    defineSegment({
      name: "northern",
      over: "staff",
      filters: [{ member: "staff.area", operator: "equals", values: ["N"] }],
    }),
    defineSegment({
      name: "costly",
      over: "staff",
      filters: [{ member: "events.costs", operator: "gt", values: [100] }],
    }),
    defineSegment({
      name: "below_ann",
      over: "staff",
      filters: [{ member: "staff.reports_to", operator: "descends_from", values: ["Ann"] }],
    }),
  ],
  roles: {
    north: { rows: [{ member: "staff.area", operator: "equals", values: ["N"] }] },
    by_segment: { rows: [{ segment: "northern" }] },
    team: { rows: [{ member: "staff.reports_to", operator: "descends_from", values: ["Bob"] }] },
    not_team: { rows: [{ not: { member: "staff.reports_to", operator: "descends_from", values: ["Bob"] } }] },
    shown: {
      hide: ["events.costs", "events.kind"],
      show: ["events.margin", "events.spent", "events.good", "segments.costly"],
    },
  },
});

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop(spec, [
    "create table staff as select * from (values (1, 'Ann', 0, 'S'), (2, 'Bob', 1, 'N'), (3, 'Cy', 1, 'S'), (4, 'Di', 2, 'N'), (5, 'Eve', 2, 'S'), (6, 'Eve', 2, 'N')) t(id, name, boss, area)",
    "create table events as select i as id, 1 + i % 6 as staff_id, (i * 1.01)::decimal(12, 2) as amount, (i * .5)::decimal(12, 2) as costs, case when i % 2 = 0 then 'good' end as kind from range(120) r(i)",
  ]);
});
afterAll(() => shop.close());
const as = (role: string): Engine => shop.engine.as(role);
const failure = async (
  role: string,
  label: string,
): Promise<{ readonly message: string; readonly remedy: string | undefined }> => {
  const error = (await as(role)
    .query({
      measures: ["events.n"],
      filters: [{ member: "staff.reports_to", operator: "descends_from", values: [label] }],
    })
    .catch((e: Error) => e)) as { message: string; remedy?: string };
  return { message: error.message.replaceAll(label, "…"), remedy: error.remedy };
};

describe("labels of members that a role's rows keep out", () => {
  test.each(["north", "by_segment"])("are as unknown to the role %s as labels that do not exist", async (role) => {
    expect(await failure(role, "Cy")).toEqual(await failure(role, "Zz"));
    expect((await failure(role, "Ann")).message).toContain("no member");
  });
  test("neither make a label ambiguous nor appear in suggestions", async () => {
    const { rows } = await as("north").query({
      measures: ["events.n"],
      filters: [{ member: "staff.reports_to", operator: "descends_from", values: ["Eve"] }],
    });
    expect(rows).toEqual([{ "events.n": 20 }]);
    await expect(
      shop.engine.query({
        measures: ["events.n"],
        filters: [{ member: "staff.reports_to", operator: "descends_from", values: ["Eve"] }],
      }),
    ).rejects.toThrow("2 members");
    expect((await failure("north", "Cyy")).message).not.toContain("Cy?");
  });
  test("may be used by the model: its measures, segments and rules", async () => {
    const [{ n }] = (await shop.sql("select count(*)::int n from events where staff_id in (2, 4, 6)")) as [
      { n: number },
    ];
    expect((await as("north").query({ measures: ["events.of_ann"] })).rows).toEqual([{ "events.of_ann": n }]);
    expect((await as("north").query({ measures: ["events.n"], filters: [{ segment: "below_ann" }] })).rows).toEqual([
      { "events.n": n },
    ]);
  });
});

describe("members that a role may list", () => {
  test.each([
    ["north", [2, 4, 6]],
    ["by_segment", [2, 4, 6]],
    ["team", [2, 4, 5, 6]],
    ["not_team", [1, 3]],
  ] as const)("are for %s those whom its rule leaves, whether asked by key, label or list", async (role, keys) => {
    const names = (await shop.sql(`select distinct name from staff where id in (${keys.join(", ")}) order by 1`)).map(
      (r) => r["name"],
    );
    expect((await members(as(role), "staff.reports_to")).values).toEqual(keys);
    expect((await members(as(role), "staff.name")).values).toEqual(names);
    expect((await memberList(as(role), { over: "staff", filters: [] }, [])).keys).toEqual(keys);
  });
});

describe("explain", () => {
  test.each(["events.margin", "events.spent", "events.good"])(
    "of %s, which is shown in spite of what is behind it, is its name alone",
    async (measure) => {
      const told = await explain(as("shown"), { measures: [measure] });
      expect(told).toMatchObject({
        sql: [],
        parameters: [],
        plan: "",
        logical: null,
        measures: [{ member: measure, formula: measure, tables: [] }],
      });
      expect(JSON.stringify(told)).not.toMatch(/costs|kind/);
      expect((await as("shown").query({ measures: [measure] })).rows[0]![measure]).not.toBeNull();
    },
  );
  test("keeps the statement back where a calculation, a filter or a segment brings it in", async () => {
    for (const query of [
      { measures: [{ name: "x", formula: "events.margin * 2" }] },
      { measures: ["events.n"], filters: [{ member: "events.margin", operator: "gt", values: [1] }] },
      { measures: ["events.n"], filters: [{ segment: "costly" }] },
      { measures: ["events.n"], dimensions: ["segments.costly"] },
    ])
      expect(await explain(as("shown"), query)).toMatchObject({ sql: [], logical: null });
    expect((await explain(as("shown"), { measures: ["events.n"] })).sql).toHaveLength(1);
    expect((await explain(shop.engine, { measures: ["events.margin"] })).sql).toHaveLength(1);
  });
  test("and the catalog show no formula that names something hidden", () => {
    const view = catalogView(as("shown"));
    expect(view.cubes[0]!.measures.find((m) => m.member === "events.margin")!.formula).toBe("events.margin");
    expect(JSON.stringify(view)).not.toContain("costs");
  });
});
