/** Bridges, segments, row rules and negations together, against a plain evaluation row by row. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { count, countDistinct, defineCube, sum, type ProjectSpec } from "../../../../engine/model/index.ts";
import type { Filter } from "../../../../engine/model/filter.ts";
import type { Query, Value } from "../../../../engine/model/query.ts";
import { openShop, project, sales, service, stock } from "../../support/shop.ts";

type Tree =
  | { readonly member: string; readonly operator: "equals" | "not_equals"; readonly values: readonly Value[] }
  | { readonly segment: string }
  | { readonly or: readonly Tree[] }
  | { readonly not: Tree };
interface Row {
  readonly cube: string;
  readonly customer: Value;
  readonly amount: Value;
  /** attributes by member */
  readonly values: Readonly<Record<string, Value>>;
  /** kinds of the promotions that the row is linked with */
  readonly types: readonly Value[];
}

const BRIDGE = "promotion.type";
const leaf = (member: string, values: readonly Value[], operators = ["equals", "not_equals"] as const) =>
  fc.record({
    member: fc.constant(member),
    operator: fc.constantFrom(...operators),
    values: fc.subarray([...values], { minLength: 1, maxLength: 2 }),
  });
const segment = fc.constantFrom("big", "german_or_busy").map((name) => ({ segment: name }));
const customers = [leaf("customer.country", ["DE", "FR", null]), leaf("customer.status", ["old", "new"]), segment];
const own = [leaf("sales.channel", ["web", null]), leaf("product.category", ["Category 1", null])];
/** A bridge is asked whether any link passes; under a negation that would be another question. */
const bridge = leaf(BRIDGE, ["price", "extra"], ["equals", "equals"] as never);
const tree = (leaves: readonly fc.Arbitrary<Tree>[], alone: readonly fc.Arbitrary<Tree>[]): fc.Arbitrary<Tree> => {
  const any = fc.oneof(...leaves);
  return fc.oneof(
    ...leaves,
    ...alone,
    any.map((not) => ({ not })),
    fc
      .array(
        fc.oneof(
          ...leaves,
          ...alone,
          any.map((not) => ({ not })),
        ),
        { minLength: 2, maxLength: 3 },
      )
      .map((or) => ({ or })),
    fc.array(any, { minLength: 2, maxLength: 2 }).map((or) => ({ not: { or } })),
  );
};
const onSales = fc.oneof(
  { weight: 4, arbitrary: tree([...customers, ...own], [bridge]) },
  // a link or a segment keeps rows, and all the links of each
  { weight: 1, arbitrary: fc.tuple(bridge, segment).map((or): Tree => ({ or })) },
);
const onCases = tree(customers, []);
const SEED = 20_251_201;
const RULES = fc.sample(fc.array(tree([...customers, ...own], []), { minLength: 1, maxLength: 2 }), {
  numRuns: 10,
  seed: SEED,
});

const spec = {
  ...project,
  segments: project.segments.slice(0, 2),
  cubes: [
    defineCube({
      ...sales,
      measures: { lines: count(), revenue: sum("amount"), buyers: countDistinct("customer_id") },
      rollups: {
        daily: { dimensions: ["date.day", "customer.country", "sales.channel"], measures: ["lines", "revenue"] },
      },
    }),
    defineCube({ ...service, measures: { cases: count(), cost: sum("cost") } }),
    defineCube({ ...stock, measures: { counted: count() } }),
  ],
  roles: Object.fromEntries(RULES.map((rows, i) => [`r${i}`, { rows, show: ["sales", "service", "stock"] }])),
} as unknown as ProjectSpec;

let shop: Awaited<ReturnType<typeof openShop>>;
const rows: Row[] = [];
/** of the customers that there are */
const countries = new Map<Value, Value>();
beforeAll(async () => {
  shop = await openShop(spec);
  const now = "(select * from customer where valid_until is null)";
  const read = async (cube: string, text: string, names: readonly string[]): Promise<void> => {
    for (const row of (await shop.sql(text)) as Record<string, Value>[])
      rows.push({
        cube,
        customer: row["customer_id"] ?? null,
        amount: row["amount"] ?? null,
        values: Object.fromEntries(names.map((name, i) => [name, row[`v${i}`] ?? null])),
        types: row["types"] === null || row["types"] === undefined ? [] : String(row["types"]).split("|"),
      });
  };
  await read(
    "sales",
    `select s.customer_id, s.amount, country v0, status v1, channel v2, category v3,
       (select string_agg(distinct type, '|') from sale_promotion join promotion using (promotion_id) where sale_id = s.sale_id) as types
     from sales s left join ${now} using (customer_id) left join product using (product_id)`,
    ["customer.country", "customer.status", "sales.channel", "product.category"],
  );
  await read(
    "service",
    `select customer_id, cost amount, country v0, status v1 from cases left join ${now} using (customer_id)`,
    ["customer.country", "customer.status"],
  );
  await read(
    "stock",
    "select null customer_id, 1 amount, category v0 from stock left join product using (product_id)",
    ["product.category"],
  );
  for (const row of await shop.sql(`select customer_id, country from ${now}`))
    countries.set(row["customer_id"] as Value, row["country"] as Value);
});
afterAll(() => shop.close());

/** Members of both segments, by the rows that count for them. */
function segmentsOf(counted: readonly Row[]): ReadonlyMap<string, ReadonlySet<Value>> {
  const revenue = new Map<Value, number>();
  const cases = new Map<Value, number>();
  for (const { cube, customer, amount } of counted) {
    if (cube === "sales") revenue.set(customer, (revenue.get(customer) ?? 0) + Math.round(100 * Number(amount ?? 0)));
    if (cube === "service") cases.set(customer, (cases.get(customer) ?? 0) + 1);
  }
  const those = (isOne: (customer: Value) => boolean): Set<Value> => new Set([...countries.keys()].filter(isOne));
  return new Map([
    ["big", those((customer) => (revenue.get(customer) ?? 0) > 100_000)],
    ["german_or_busy", those((customer) => countries.get(customer) === "DE" || (cases.get(customer) ?? 0) >= 3)],
  ]);
}
type Segments = ReturnType<typeof segmentsOf>;

function passes(tree: Tree, row: Row, segments: Segments): boolean {
  if ("or" in tree) return tree.or.some((each) => passes(each, row, segments));
  if ("not" in tree) return !passes(tree.not, row, segments);
  if ("segment" in tree) return segments.get(tree.segment)?.has(row.customer) === true;
  const given = tree.member === BRIDGE ? row.types : [row.values[tree.member] ?? null];
  return given.some((value) => tree.values.includes(value) === (tree.operator === "equals"));
}
const membersOf = (tree: Tree): string[] => {
  if ("or" in tree) return tree.or.flatMap(membersOf);
  if ("not" in tree) return membersOf(tree.not);
  return ["segment" in tree ? "customer" : tree.member];
};
/** Whether a cube has all that a rule names. */
const applies = (rule: Tree, cube: string): boolean =>
  membersOf(rule).every((member) => {
    const [owner = ""] = member.split(".");
    if (owner === "customer") return cube !== "stock";
    return owner === "product" ? cube !== "service" : cube === "sales";
  });

const MEASURES: Readonly<Record<string, readonly string[]>> = {
  sales: ["sales.lines", "sales.revenue", "sales.buyers"],
  service: ["service.cases", "service.cost"],
  stock: ["stock.counted"],
};
function plain(cube: string, dimension: string | null, filters: readonly Tree[], rules: readonly Tree[]) {
  // a rule knows all of a segment; a query's segment counts the rows that the caller may see
  const all = segmentsOf(rows);
  const visible = rows.filter((row) => rules.every((rule) => !applies(rule, row.cube) || passes(rule, row, all)));
  const seen = segmentsOf(visible);
  // a filter on the bridge alone shows the links that pass it; together with anything else it only keeps rows
  const links = filters.filter((each) => membersOf(each).every((member) => member === BRIDGE));
  const cells = new Map<string, Row[]>();
  for (const row of visible.filter((each) => each.cube === cube && filters.every((one) => passes(one, each, seen)))) {
    const types = row.types.filter((type) => links.every((one) => passes(one, { ...row, types: [type] }, seen)));
    const ofBridge = row.types.length === 0 ? [null] : types;
    const keys = dimension === BRIDGE ? ofBridge : [dimension === null ? null : (row.values[dimension] ?? null)];
    for (const key of keys) cells.set(JSON.stringify(key), [...(cells.get(JSON.stringify(key)) ?? []), row]);
  }
  const sumOf = (of: readonly Row[]): Value => {
    const known = of.flatMap((row) => (row.amount === null ? [] : [Math.round(100 * Number(row.amount))]));
    return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / 100;
  };
  const buyers = (of: readonly Row[]): Value =>
    new Set(of.flatMap((row) => (row.customer === null ? [] : [row.customer]))).size;
  return new Map(
    [...cells].map(([key, of]) => [key, [of.length, sumOf(of), buyers(of)].slice(0, MEASURES[cube]?.length)]),
  );
}

const question = fc.oneof(
  fc.record({
    cube: fc.constant("sales"),
    dimension: fc.constantFrom(null, "customer.country", "sales.channel", "product.category", BRIDGE, BRIDGE),
    filters: fc.array(onSales, { maxLength: 3 }),
  }),
  fc.record({
    cube: fc.constant("service"),
    dimension: fc.constantFrom(null, "customer.country", "customer.status"),
    filters: fc.array(onCases, { maxLength: 2 }),
  }),
  fc.record({
    cube: fc.constant("stock"),
    dimension: fc.constantFrom(null, "product.category"),
    filters: fc.constant([]),
  }),
);
async function same(role: number | null, asked: { cube: string; dimension: string | null; filters: readonly Tree[] }) {
  const { cube, dimension, filters } = asked;
  const query: Query = {
    measures: MEASURES[cube] ?? [],
    dimensions: dimension === null ? [] : [dimension],
    filters: filters as readonly Filter[],
  };
  const engine = role === null ? shop.engine : shop.engine.as(`r${role}`);
  const { rows: found } = await engine.query(query);
  const got = new Map(
    found.map((row) => [
      JSON.stringify(dimension === null ? null : (row[dimension] ?? null)),
      (MEASURES[cube] ?? []).map((measure) => row[measure]),
    ]),
  );
  const want = plain(cube, dimension, filters, role === null ? [] : ((RULES[role] ?? []) as readonly Tree[]));
  // without a dimension there is one row, of nothing at all too
  if (want.size === 0 && dimension === null) want.set("null", [0, null, 0].slice(0, MEASURES[cube]?.length));
  expect(got, JSON.stringify({ role: role === null ? null : RULES[role], ...asked })).toEqual(want);
}

describe("filters of every kind", () => {
  test("nested in each other give what a walk over the rows gives", async () => {
    for (const asked of fc.sample(question, { numRuns: 150, seed: SEED })) await same(null, asked);
  });
  test("beside row rules, which hold for the cubes that have all their members", async () => {
    for (const [i, asked] of fc.sample(question, { numRuns: 120, seed: SEED + 1 }).entries())
      await same(i % RULES.length, asked);
  });
});
