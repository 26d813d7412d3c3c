/** Random models over the shop's tables, and random queries of them, for the engine and the oracle alike. */
import fc from "fast-check";
import {
  averageOverTime,
  avg,
  calculated,
  conversion,
  count,
  countDistinct,
  defineCube,
  defineDateDimension,
  defineProject,
  max,
  measure,
  median,
  min,
  quantile,
  rolling,
  running,
  share,
  shift,
  stddev,
  sum,
  toDate,
  type Measure,
  type ProjectSpec,
} from "../../../engine/model/index.ts";
import type { Query } from "../../../engine/model/query.ts";
import { openShop, project as shop, sales, service } from "./shop.ts";
import { Oracle, type Comparison, type FactRow, type OracleFilter, type OracleQuery, type Value } from "./oracle.ts";

const where = fc.option(
  fc.constantFrom(
    [{ member: "sales.channel", operator: "equals" as const, values: ["web"] }],
    [{ member: "sales.channel", operator: "not_equals" as const, values: ["web"] }],
    [{ member: "customer.country", operator: "equals" as const, values: ["DE", "FR"] }],
    [{ member: "product.category", operator: "is_null" as const }],
  ),
  { nil: undefined },
);
const of = fc.constantFrom("amount", "cost");
const aggregate = fc.oneof(
  fc.tuple(of, where).map(([c, w]) => sum(c, { ...(w && { where: w }) })),
  where.map((w) => count({ ...(w && { where: w }) })),
  fc
    .tuple(fc.constantFrom("customer_id", "order_id", "product_id"), where)
    .map(([c, w]) => countDistinct(c, { ...(w && { where: w }) })),
  of.map((c) => avg(c)),
  of.map((c) => min(c)),
  of.map((c) => max(c)),
  of.map((c) => median(c)),
  fc.tuple(of, fc.constantFrom(0, 0.1, 0.9, 1)).map(([c, q]) => quantile(c, q)),
  of.map((c) => stddev(c)),
);
const change = (base: string): fc.Arbitrary<Measure> =>
  fc.oneof(
    fc.constantFrom(running(base), running(base, { within: "range" })),
    fc.integer({ min: 1, max: 60 }).map((days) => rolling(base, { days })),
    fc.integer({ min: 1, max: 5 }).map((months) => rolling(base, { months })),
    fc
      .constantFrom(
        "month" as const,
        "quarter" as const,
        "year" as const,
        "fiscal_year" as const,
        "fiscal_quarter" as const,
        "week" as const,
      )
      .map((level) => toDate(base, level)),
    fc
      .integer({ min: -13, max: 2 })
      .filter((n) => n !== 0)
      .map((months) => shift(base, { months })),
    fc
      .integer({ min: -40, max: 5 })
      .filter((n) => n !== 0)
      .map((days) => shift(base, { days })),
    fc.constant(shift(base, { years: -1 })),
  );
/** Of a measure per customer, product, day or more of them; never moved along the days that it is taken for each of. */
const per = fc.constantFrom<string | string[]>(
  "customer",
  "product",
  "sales.channel",
  "customer.country",
  ["customer", "product"],
  "promotion.type",
);
const nested = (per: fc.Arbitrary<string | string[]>): fc.Arbitrary<Measure> =>
  fc
    .tuple(
      fc.constantFrom("m0", "m1", "c0"),
      per,
      where,
      fc.constantFrom(
        avg,
        sum,
        min,
        max,
        median,
        stddev,
        count,
        (of: ReturnType<typeof measure>, options: Parameters<typeof avg>[1] & { per: string | string[] }) =>
          quantile(of, 0.9, options),
      ),
    )
    .map(([base, p, w, f]) => f(measure(base), { per: p, ...(w && { where: w }) }));
const web = [{ member: "sales.channel", operator: "equals" as const, values: ["web"] }];
const converting = fc
  .record({
    from: fc.constantFrom({}, { where: web }),
    to: fc.constantFrom({}, { where: web }, { cube: "service" }),
    over: fc.constant("customer"),
    within: fc.constantFrom(0, 1, 7, 45).map((n) => ({ days: n + 1 })),
    give: fc.constantFrom("share" as const, "count" as const),
    sameTime: fc.constantFrom(true, false),
  })
  .map(({ sameTime, ...rest }) => conversion({ ...rest, ...(sameTime && { sameTime }) }));
/** m0, m1, m2 are aggregates; t0 moves one in time, t1 moves t0; c0 combines; s0 and s1 are shares; n0 and n1 are measures of measures, v0 a conversion, a0 an average over time. */
export const measuresArbitrary: fc.Arbitrary<Record<string, Measure>> = fc.record({
  m0: aggregate,
  m1: aggregate,
  m2: aggregate,
  t0: change("m0"),
  t1: change("t0"),
  c0: fc.constantFrom("m0 + m1", "m0 / m1", "m0 * 2 - m2", "m1 / m2 + 1").map((f) => calculated(f)),
  t2: change("c0"),
  s0: fc.constantFrom("total" as const, "parent" as const, ["customer.country"]).map((s) => share("m0", { of: s })),
  s1: fc.constantFrom("total" as const, "parent" as const).map((s) => share("t0", { of: s })),
  n0: nested(per),
  n1: nested(fc.constant("date")),
  t3: change("n0"),
  s2: fc.constantFrom("total" as const, "parent" as const).map((s) => share("n0", { of: s })),
  v0: converting,
  t4: change("v0"),
  a0: of.map((c) => averageOverTime(c, { over: "date" })),
  t5: change("a0"),
});

const PERIOD_KEYS = [
  "date.fiscal_period",
  "date.year",
  "date.quarter",
  "date.month",
  "date.week",
  "date.day",
  "date.fiscal_year",
  "date.fiscal_quarter",
  "date.half",
];
const OTHER_KEYS = [
  "customer.country",
  "customer.status",
  "product.category",
  "sales.channel",
  "promotion.type",
  "ship_date.month",
];
const filter: fc.Arbitrary<OracleFilter> = fc.letrec<{ tree: OracleFilter; leaf: OracleFilter }>((tie) => ({
  leaf: fc.oneof(
    fc.record({
      member: fc.constant("customer.country"),
      operator: fc.constantFrom("equals" as const, "not_equals" as const),
      values: fc.subarray<Value>(["DE", "FR", "IT", null, "XX"], { minLength: 1 }),
    }),
    fc.record({
      member: fc.constant("product.category"),
      operator: fc.constantFrom("equals" as const, "not_equals" as const),
      values: fc.subarray<Value>(["Category 0", "Category 1", null], { minLength: 1 }),
    }),
    fc.record({
      member: fc.constantFrom("customer.country", "product.category", "sales.channel"),
      operator: fc.constantFrom("is_null" as const, "not_null" as const),
    }),
    fc.record({
      member: fc.constant("sales.channel"),
      operator: fc.constantFrom("equals" as const, "not_equals" as const),
      values: fc.subarray<Value>(["web", "store", null], { minLength: 1 }),
    }),
    fc.record({
      member: fc.constant("promotion.type"),
      operator: fc.constant("equals" as const),
      values: fc.subarray<Value>(["price", "extra"], { minLength: 1 }),
    }),
  ),
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((or) => ({ or })),
    tie("tree").map((not) => ({ not })),
  ),
})).tree;
const range = fc.option(
  fc
    .tuple(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 200 }))
    .map(([start, length]): [string, string] => {
      const d = (n: number): string => new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10);
      return [d(start), d(Math.min(730, start + length))];
    }),
  { nil: null, freq: 5 },
);

const compare: fc.Arbitrary<Comparison | null> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Comparison>(
      "previous_period",
      "previous_year",
      { months: -1 },
      { months: -5 },
      { range: ["2024-02-01", "2024-04-15"] },
    ),
  },
);

/** Bounds that no number falls on: shares of 1 differ in their last digit. */
const BOUNDS = [0.317, 1.37, 25.13, 401.7];

/** A bridge's attribute is both filtered and spread only where the oracle's "any link" says the same as the engine's restricted links; it is left to tests of its own. */
const sane = (query: OracleQuery): boolean =>
  !(query.dimensions.includes("promotion.type") && JSON.stringify(query.filters).includes("promotion.type")) &&
  !(JSON.stringify(query.filters).includes("promotion.type") && /"not"/.test(JSON.stringify(query.filters))) &&
  !(query.compare && query.measures.includes("sales.n1") && query.dimensions.some((d) => d.startsWith("date."))) &&
  !(
    query.compare &&
    (query.range === null || (query.compare === "previous_year" && query.dimensions.includes("date.week")))
  ) &&
  !(query.range === null && query.dimensions.includes("date.day")) &&
  !(query.dimensions.includes("date.week") && query.measures.some((m) => /\.(t|s1)/.test(m)));

export const questionArbitrary: fc.Arbitrary<OracleQuery> = fc
  .record({
    measures: fc.oneof(
      fc.subarray(
        [
          "sales.m0",
          "sales.m1",
          "sales.m2",
          "sales.t0",
          "sales.t1",
          "sales.c0",
          "sales.t2",
          "sales.s0",
          "sales.s1",
          "sales.n0",
          "sales.n1",
          "sales.t3",
          "sales.s2",
          "sales.v0",
          "sales.t4",
          "sales.a0",
          "sales.t5",
        ],
        { minLength: 1, maxLength: 4 },
      ),
      fc.subarray(["sales.m0", "sales.t0", "sales.c0", "sales.n0", "sales.v0", "service.cases", "service.case_cost"], {
        minLength: 2,
        maxLength: 4,
      }),
    ),
    dimensions: fc
      .tuple(fc.subarray(OTHER_KEYS, { maxLength: 2 }), fc.subarray(PERIOD_KEYS, { maxLength: 2 }))
      .map(([a, b]) => [...a, ...b]),
    filters: fc.array(filter, { maxLength: 2 }),
    range,
    totals: fc.boolean(),
    compare,
    having: fc.option(
      fc.record({
        at: fc.integer({ min: 0, max: 3 }),
        operator: fc.constantFrom("gt" as const, "lte" as const),
        value: fc.constantFrom(...BOUNDS),
      }),
      { nil: null, freq: 2 },
    ),
  })
  .map(({ having, ...query }) => ({
    ...query,
    having:
      having === null
        ? null
        : {
            member: query.measures[having.at % query.measures.length]!,
            operator: having.operator,
            value: having.value,
          },
  }))
  .map((query) => {
    if (!query.measures.some((m) => m.startsWith("service."))) return query;
    // two facts share the customer and the date; a filter on a fact's own attribute leaves the other alone
    const shared = query.dimensions.filter((d) => d.startsWith("customer.") || d.startsWith("date."));
    const filters = query.filters.filter(
      (f) =>
        !/product|promotion|ship_date/.test(JSON.stringify(f)) &&
        (!JSON.stringify(f).includes("sales.channel") || (!("or" in f) && !("not" in f))) &&
        (!JSON.stringify(f).includes("sales.channel") || query.measures.some((m) => m.startsWith("sales."))),
    );
    return { ...query, dimensions: shared, filters };
  })
  .filter(sane);

/** Whatever a question asks, the smallest of these that fits answers; the oracle knows nothing of them. */
const ROLLUPS = {
  daily: { dimensions: ["date.day", "customer.country", "product.category", "sales.channel"], measures: ["m0", "m1"] },
  monthly: { dimensions: ["date.month", "customer.country", "customer.status"], measures: ["m0", "m1", "m2"] },
  weekly: { dimensions: ["date.week", "sales.channel"], measures: ["m2"] },
  yearly: { dimensions: ["date.year"], measures: ["m0", "m1", "m2"] },
  plain: { dimensions: ["customer.country", "sales.channel"], measures: ["m0", "m2"] },
};

export interface Bench {
  readonly compare: (measures: Record<string, Measure>, query: OracleQuery) => Promise<string | null>;
  /** how often a rollup answered */
  readonly rollups: () => number;
  readonly close: () => Promise<void>;
}

/** Of a third of the models fiscal years are of whole weeks. */
const ofWeeks = (measures: Record<string, Measure>): boolean => JSON.stringify(measures).length % 3 === 0;
/** The rollups of half of them are copies with texts as places in a list. */
const ofEncoded = (measures: Record<string, Measure>): boolean => JSON.stringify(measures).length % 2 === 0;
const weekly = defineDateDimension({
  name: "date",
  from: "2024-01-01",
  until: "2025-12-31",
  fiscalYearStart: 4,
  fiscalWeeks: { pattern: "4-5-4", yearEnds: "nearest" },
});
const along = <R extends { readonly [role: string]: { readonly to: { readonly name: string } } }>(
  roles: R,
  weeks: boolean,
): R =>
  (weeks
    ? Object.fromEntries(
        Object.entries(roles).map(([name, role]) => [name, role.to.name === "date" ? { ...role, to: weekly } : role]),
      )
    : roles) as R;

/** The shop's facts as rows, and a way to put one question to both. Engines of a model are opened once for it. */
export async function openBench(): Promise<Bench> {
  const base = await openShop(shop);
  const lookup =
    await base.sql(`select s.sale_id, s.order_id, s.customer_id, s.product_id, s.amount, s.cost, s.channel as "sales.channel", s.sold_on as "date", s.shipped_on, c.customer_id as "customer.customer_id", p.product_id as "product.product_id", s.sold_on as "date.day", c.country as "customer.country", c.status as "customer.status", p.category as "product.category",
    (select string_agg(distinct type, '|') from sale_promotion join promotion using (promotion_id) where sale_id = s.sale_id) as types
    from sales s left join (select * from customer where valid_until is null) c using (customer_id) left join product p using (product_id)`);
  const salesRows = lookup.map(
    (r): FactRow => ({
      ...(r as Record<string, Value>),
      "promotion.type": r["types"] === null ? [] : String(r["types"]).split("|"),
      "ship_date.month": r["shipped_on"] === null ? null : `${String(r["shipped_on"]).slice(0, 7)}-01`,
    }),
  );
  const caseRows = (await base.sql(
    `select c.case_id, c.customer_id, c.cost, c.opened_on as "date", k.customer_id as "customer.customer_id", k.country as "customer.country", k.status as "customer.status" from cases c left join (select * from customer where valid_until is null) k using (customer_id)`,
  )) as unknown as FactRow[];
  await base.close();
  let rollups = 0;
  const engines = new Map<string, Awaited<ReturnType<typeof openShop>>>();
  const engineFor = async (measures: Record<string, Measure>): Promise<Awaited<ReturnType<typeof openShop>>> => {
    const key = JSON.stringify(measures);
    const known = engines.get(key);
    if (known) return known;
    for (const [k, old] of engines) {
      engines.delete(k);
      await old.close();
    }
    const weeks = ofWeeks(measures);
    const cubes = [
      defineCube({ ...sales, dimensions: along(sales.dimensions, weeks), measures, rollups: ROLLUPS }),
      defineCube({
        ...service,
        dimensions: along(service.dimensions, weeks),
        measures: { cases: count(), case_cost: sum("cost") },
      }),
    ];
    const spec: ProjectSpec = {
      ...shop,
      ...defineProject({
        ...shop,
        segments: [],
        dimensions: shop.dimensions.map((d) => (d.name === "date" && weeks ? weekly : d)),
        cubes,
      }),
    };
    const made = await openShop(spec, [], ofEncoded(measures));
    engines.set(key, made);
    return made;
  };
  return {
    rollups: () => rollups,
    close: async () => {
      for (const engine of engines.values()) await engine.close();
    },
    async compare(measures, question) {
      // a bridge that is filtered shows the links that pass: left to tests of its own, as above
      // a deviation of equal values is 0 or nearly so, as the sums happen to be rounded; a share of it is nothing or 1
      if (
        question.measures.includes("sales.s2") &&
        /stddev/.test(JSON.stringify([measures["n0"], measures["m0"], measures["m1"], measures["m2"]]))
      )
        return null;
      if (/promotion/.test(JSON.stringify(question.filters)) && /promotion/.test(JSON.stringify(measures["n0"])))
        return null;
      const oracle = new Oracle(
        {
          sales: { rows: salesRows, dateRole: "date", roles: new Set(), measures },
          service: {
            rows: caseRows,
            dateRole: "date",
            roles: new Set(),
            measures: { cases: count(), case_cost: sum("cost") },
          },
        },
        ["2024-01-01", "2025-12-31"],
        ofWeeks(measures),
      );
      const { engine } = await engineFor(measures);
      const query: Query = {
        measures: question.measures,
        dimensions: question.dimensions,
        filters: [
          ...(question.filters as NonNullable<Query["filters"]>),
          ...(question.range ? [{ member: "date", operator: "in_range" as const, values: question.range }] : []),
          ...(question.having
            ? [{ member: question.having.member, operator: question.having.operator, values: [question.having.value] }]
            : []),
        ],
        totals: question.totals,
        limit: 1_000_000,
        ...(question.compare && {
          compare: {
            dimension: "date",
            to:
              typeof question.compare === "object" && "months" in question.compare
                ? { by: `${question.compare.months} months` }
                : question.compare,
          } as NonNullable<Query["compare"]>,
        }),
      };
      const result = await engine.query(query);
      if (result.meta.rollup !== null) rollups++;
      const expected = oracle.answer(question);
      const key = (level: readonly string[], row: Record<string, unknown>): string =>
        `${level.length}:${level.map((d) => JSON.stringify(row[d])).join("|")}`;
      const valuesIn = (row: Record<string, unknown>): Value[] =>
        question.measures.flatMap((m) => (question.compare ? [row[m], row[`${m}.previous`]] : [row[m]]) as Value[]);
      const rows = new Map(result.rows.map((row) => [key(question.dimensions, row), valuesIn(row)]));
      const totals = new Map((result.totals ?? []).map((t) => [key(t.level, t.row), valuesIn(t.row)]));
      return (
        differs("rows", rows, expected.rows) ?? (question.totals ? differs("totals", totals, expected.totals) : null)
      );
    },
  };
}

function differs(what: string, got: Map<string, Value[]>, want: Map<string, Value[]>): string | null {
  for (const [key, values] of want) {
    const own = got.get(key);
    if (!own) return `${what}: the engine lacks ${key}, the oracle has ${JSON.stringify(values)}`;
    for (const [i, v] of values.entries())
      if (!close(own[i]!, v)) return `${what} ${key}: engine ${JSON.stringify(own)}, oracle ${JSON.stringify(values)}`;
  }
  for (const key of got.keys())
    if (!want.has(key)) return `${what}: the engine has ${key} = ${JSON.stringify(got.get(key))}, the oracle does not`;
  return null;
}
const close = (a: Value, b: Value): boolean =>
  a === b ||
  (typeof a === "number" && typeof b === "number" && Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b)));
