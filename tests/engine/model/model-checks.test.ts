import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveModel } from "../../../engine/model/resolve-model.ts";
import {
  calculated,
  count,
  defineCube,
  defineDimension,
  defineSegment,
  sum,
  type ProjectSpec,
} from "../../../engine/model/index.ts";
import { warehouseProblems } from "../../../engine/query/inspect/check-warehouse.ts";
import { customer, date, openShop, product, project, promotion, sales, service, stock } from "../support/shop.ts";

/** A model as a person may write it, whatever the compiler would say. */
const withSales = (measures: object, more: object = {}): ProjectSpec => ({
  ...project,
  segments: [],
  cubes: [
    defineCube({ ...sales, measures: { ...sales.measures, ...measures }, ...more } as typeof sales),
    service,
    stock,
  ],
});
const withCustomer = (more: object): ProjectSpec => {
  const changed = defineDimension({ ...customer, ...more } as typeof customer);
  const cubes = [sales, service, stock].map((cube) =>
    defineCube({
      ...cube,
      dimensions: Object.fromEntries(
        Object.entries(cube.dimensions).map(([name, role]) => [
          name,
          role.to === customer ? { ...role, to: changed } : role,
        ]),
      ),
    } as typeof sales),
  );
  return { ...project, segments: [], dimensions: [changed, product, promotion, date], cubes };
};
const withSegments = (...segments: readonly object[]): ProjectSpec => ({
  ...project,
  segments: segments.map((s) =>
    defineSegment({
      over: "customer",
      filters: [{ member: "customer.age", operator: "gt", values: [30] }],
      ...s,
    } as never),
  ),
});
const withRole = (role: object): ProjectSpec => ({ ...project, roles: { r: role } }) as ProjectSpec;
const found = (spec: ProjectSpec): [string | undefined, string][] =>
  resolveModel(spec).problems.map((p) => [p.place, p.message]);

describe("the model check reports each problem with its place and a suggestion", () => {
  test.each<[string, ProjectSpec, string, string]>([
    [
      "bins that do not ascend",
      withCustomer({ attributes: { ...customer.attributes, band: { sql: "age", bins: [50, 30] } } }),
      "dimension customer, attribute band",
      "bins ascend; got 50, 30",
    ],
    [
      "no bins",
      withCustomer({ attributes: { ...customer.attributes, band: { sql: "age", bins: [] } } }),
      "dimension customer, attribute band",
      "bins need a bound",
    ],
    [
      "an unknown type",
      withCustomer({ attributes: { ...customer.attributes, name: { sql: "name", type: "strng" } } }),
      "dimension customer, attribute name",
      'unknown type "strng" (did you mean "string"?)',
    ],
    [
      "a misspelt key of an attribute",
      withCustomer({ attributes: { ...customer.attributes, name: { sql: "name", titel: "Name" } } }),
      "dimension customer, attribute name",
      'unknown key "titel" (did you mean "title"?)',
    ],
    [
      "a misspelt key of a dimension",
      withCustomer({ hierarchie: {} }),
      "dimension customer",
      'unknown key "hierarchie" (did you mean "hierarchies"?)',
    ],
    [
      "a misspelt key of a measure",
      withSales({ x: sum("amount", { fromat: "currency" } as object) }),
      "sales.x",
      'unknown key "fromat" (did you mean "format"?)',
    ],
    [
      "a misspelt key of a cube",
      withSales({}, { atributes: {} }),
      "cube sales",
      'unknown key "atributes" (did you mean "attributes"?)',
    ],
    [
      "an unknown format",
      withSales({ x: sum("amount", { format: "currncy" as "currency" }) }),
      "sales.x",
      'unknown format "currncy" (did you mean "currency"?)',
    ],
    [
      "an unknown direction",
      withSales({ x: sum("amount", { better: "less" as "up" }) }),
      "sales.x",
      'unknown `better` "less"',
    ],
    ["a sum of nothing", withSales({ x: sum(undefined as never) }), "sales.x", "the argument of sum is missing"],
    [
      "a rollup of nothing",
      withSales({}, { rollups: { none: { dimensions: ["date.month"], measures: [] } } }),
      "cube sales › rollups › none",
      "a rollup without measures",
    ],
    [
      "a measure with a dot in its name",
      withSales({ "revenue.previous": count() }),
      "sales.revenue.previous",
      '"revenue.previous" is not a valid name of a measure',
    ],
    [
      "an attribute with a dot in its name",
      withSales({}, { attributes: { ...sales.attributes, "a.b": "channel" } }),
      "cube sales, attribute a.b",
      '"a.b" is not a valid name of an attribute',
    ],
    [
      "a role with a dot in its name",
      withSales({}, { dimensions: { ...sales.dimensions, "a.b": { to: product, on: "product_id" } } }),
      "cube sales, role a.b",
      '"a.b" is not a valid name of a role',
    ],
    [
      "a cube with a space in its name",
      {
        ...project,
        cubes: [...project.cubes, defineCube({ ...service, name: "our cases", measures: { cases: count() } })],
      },
      "cube our cases",
      '"our cases" is not a valid name of a cube',
    ],
    [
      "one dimension twice",
      { ...project, dimensions: [customer, customer, product, promotion, date] },
      "dimension customer",
      "dimension customer is listed twice",
    ],
    [
      "two dimensions of one name",
      {
        ...project,
        dimensions: [
          customer,
          product,
          promotion,
          date,
          defineDimension({ name: "product", table: "product", key: "product_id", attributes: {} }),
        ],
      },
      "dimension product",
      "two dimensions are named product",
    ],
    ["a day that does not exist", { ...project, now: "2025-13-01" }, "project", 'now is a day; got "2025-13-01"'],
    [
      "a segment over no dimension",
      withSegments({ name: "a", over: "custmer" }),
      "segment a",
      'dimension "custmer" not found (did you mean "customer"?)',
    ],
    ["a segment over a calendar", withSegments({ name: "a", over: "date" }), "segment a", "date is a calendar"],
    ["two segments of one name", withSegments({ name: "a" }, { name: "a" }), "segment a", "two segments are named a"],
    [
      "a segment with a dot in its name",
      withSegments({ name: "a.b" }),
      "segment a.b",
      '"a.b" is not a valid name of a segment',
    ],
    [
      "a segment of an unknown one",
      withSegments({ name: "vip" }, { name: "a", filters: [{ segment: "vpi" }] }),
      "segment a › filters[0]",
      'segment "vpi" not found (did you mean "vip"?)',
    ],
    [
      "segments made of each other",
      withSegments({ name: "a", filters: [{ not: { segment: "b" } }] }, { name: "b", filters: [{ segment: "a" }] }),
      "segment a",
      "the segment contains itself",
    ],
    [
      "a segment with a bad operator",
      withSegments({ name: "a", filters: [{ member: "customer.age", operator: "gtt", values: [1] }] }),
      "segment a › filters[0].operator",
      'operator "gtt" not found (did you mean "gt"?)',
    ],
    [
      "a role's rule with a bad operator",
      withRole({ rows: [{ member: "customer.age", operator: "lk", values: [1] }] }),
      "role r › rows[0].operator",
      'operator "lk" not found',
    ],
    [
      "a role's rule with a value that is none",
      withRole({ rows: [{ member: "customer.age", operator: "gt", values: 30 }] }),
      "role r › rows[0].values",
      "`values` is a list",
    ],
    [
      "a role's rule about entities",
      withRole({ rows: [{ or: [{ member: "sales.channel", operator: "equals", values: ["web"], scope: "entity" }] }] }),
      "role r › rows[0]",
      '`scope: "entity"` is not supported',
    ],
    ["a role's misspelt key", withRole({ rowss: [] }), "role r", 'unknown key "rowss" (did you mean "rows"?)'],
    ["an unknown right", withRole({ may: ["quey"] }), "role r › may", 'right "quey" not found (did you mean "query"?)'],
  ])("%s", (_, spec, place, words) => {
    expect(found(spec).filter(([at, message]) => at === place && message.includes(words))).toHaveLength(1);
  });

  test("all of it at once, and nothing of a model that is right", () => {
    const spec = withSales(
      { x: sum("amount", { format: "euro", better: "sideways", fil: 0 } as object), "a b": calculated("revenue") },
      { grein: [] },
    );
    expect(found({ ...spec, now: "soon" }).map(([place]) => place)).toEqual([
      "sales.a b",
      "project",
      "cube sales",
      "sales.x",
      "sales.x",
      "sales.x",
    ]);
    expect(found(project)).toEqual([]);
  });
});

describe("with the warehouse it checks columns, types and values", () => {
  let shop: Awaited<ReturnType<typeof openShop>>;
  beforeAll(async () => {
    const spec = withCustomer({
      attributes: {
        ...customer.attributes,
        named: { sql: "name", type: "integer" },
        aged: { sql: "age", type: "string" },
        whole: { sql: "age", type: "number" },
      },
      history: { from: "valid_frm", until: "valid_until", version: "customer_versoin" },
    });
    shop = await openShop({
      ...spec,
      cubes: [defineCube({ ...(spec.cubes[0] as typeof sales), grain: ["sale_idd"] }), ...spec.cubes.slice(1)],
      segments: [
        defineSegment({
          name: "old",
          over: "customer",
          filters: [{ member: "customer.age", operator: "gt", values: ["old"] }],
        }),
      ],
      roles: {
        wrong: {
          rows: [
            { member: "customer.age", operator: "gt", values: ["DE"] },
            { not: { member: "date", operator: "in_range", values: ["last blue moon"] } },
            { member: "customer.age", operator: "contains", values: ["3"] },
          ],
        },
        right: { rows: [{ member: "customer.country", operator: "equals", values: ["DE"] }] },
      },
    });
  });
  afterAll(() => shop.close());
  test("grains, histories, declared types, and the values of rules, each with its place", () => {
    expect(warehouseProblems(shop.engine).map((p) => [p.place, p.message])).toEqual([
      ["cube sales › grain", 'column "sale_idd" not found (did you mean "sale_id"?)'],
      ["dimension customer › history", 'column "valid_frm" not found (did you mean "valid_from"?)'],
      ["dimension customer › history", 'column "customer_versoin" not found (did you mean "customer_version"?)'],
      ["dimension customer, attribute named", "named is declared integer, and its column is text"],
      ["dimension customer, attribute aged", "aged is declared string, and its column is a whole number"],
      ["role wrong › rows[0]", 'customer.age is of type integer; got "DE"'],
      ["role wrong › rows[1].not", '"last blue moon" is not a date range'],
      ["role wrong › rows[2]", "contains needs a text; customer.age is of type integer"],
      ["segment old › filters[0]", 'customer.age is of type integer; got "old"'],
    ]);
  });
  test("reports nothing where the data fits the model", async () => {
    const right = await openShop();
    try {
      expect(warehouseProblems(right.engine)).toEqual([]);
    } finally {
      await right.close();
    }
  });
});
