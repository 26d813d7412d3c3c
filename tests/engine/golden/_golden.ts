/** Golden cases: the model they ask, their files, and the grid of what they cover. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Catalog, MeasureNode } from "../../../engine/model/catalog.ts";
import {
  avg,
  conversion,
  defineCube,
  defineDateDimension,
  defineDimension,
  defineProject,
  measure,
  median,
  min,
  rolling,
  stddev,
  type ProjectSpec,
} from "../../../engine/model/index.ts";
import { measureNamed } from "../../../engine/model/row-count.ts";
import { isFiscal } from "../../../engine/model/time/fiscal-weeks.ts";
import { resolveAttribute } from "../../../engine/query/binding/member.ts";
import type { Engine } from "../../../engine/query/answer/engine.ts";
import { openEngine } from "../../../engine/query/answer/open-engine.ts";
import type { Query, Result, Value } from "../../../engine/model/query.ts";
import { dayOf } from "../../../engine/model/time/calendar.ts";
import { openShop, project, sales } from "../support/shop.ts";

const seller = defineDimension({
  name: "seller",
  table: "seller",
  key: "seller_id",
  label: "seller_name",
  attributes: { seller_name: "seller_name" },
  parentChild: { reports_to: { parent: "above", root: 0 } },
});
const retail = defineDateDimension({
  name: "retail",
  from: "2024-01-01",
  until: "2025-12-31",
  weekStart: "sunday",
  fiscalYearStart: 2,
  fiscalWeeks: { pattern: "4-5-4", yearEnds: "nearest" },
});
/** Beside the shop's own. */
export const goldenTables = [
  "create table seller as select * from (values (1, 'Ann', 0), (2, 'Bo', 1), (3, 'Cy', 1), (4, 'Di', 2), (5, 'Ed', 2), (6, 'Flo', 4), (7, 'Gus', 0), (8, 'Ha', 7), (9, 'Ia', 7), (10, 'Jo', 9), (11, 'Kim', null)) t(seller_id, seller_name, above)",
];

/** The shop, with the kinds of measures and dimensions that it has none of. */
export const goldenProject: ProjectSpec = defineProject({
  ...project,
  dimensions: [...project.dimensions, seller, retail],
  cubes: [
    defineCube({
      ...sales,
      dimensions: {
        ...sales.dimensions,
        seller: { to: seller, on: "product_id" },
        retail: { to: retail, on: "sold_on" },
      },
      measures: {
        ...sales.measures,
        average: avg("amount"),
        smallest: min("amount"),
        spread: stddev("amount"),
        per_customer: avg(measure("revenue"), { per: "customer" }),
        middle_day: median(measure("margin"), { per: "date" }),
        repeat: conversion({ from: "lines", to: "lines", over: "customer", within: { days: 30 } }),
      },
    }),
    ...project.cubes
      .filter((cube) => cube.name !== "sales")
      .map((cube) =>
        cube.name === "visits"
          ? defineCube({
              ...cube,
              measures: { ...cube.measures, last_6h: rolling("visits", { hours: 6 }, { over: "at" }) },
            })
          : cube,
      ),
  ],
});

export interface Case {
  readonly name: string;
  readonly folder: string;
  readonly query: Query;
  readonly sql: string | null;
  readonly csv: string | null;
  /** hand-written SQL for the same rows, in any order */
  readonly check: string | null;
}

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const textOf = (folder: string, file: string): string | null =>
  existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : null;

export const readCases = (): readonly Case[] =>
  readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const folder = join(FOLDER, name);
      return {
        name,
        folder,
        query: JSON.parse(readFileSync(join(folder, "query.json"), "utf8")) as Query,
        sql: textOf(folder, "expected.sql"),
        csv: textOf(folder, "expected.csv"),
        check: textOf(folder, "check.sql"),
      };
    });

export interface GoldenShop {
  readonly engine: Engine;
  /** the answer, and every statement that was run for it with its values */
  ask(query: Query): Promise<{ readonly result: Result; readonly statements: string }>;
  rows(sql: string): Promise<readonly (readonly Value[])[]>;
  close(): Promise<void>;
}

export async function openGolden(): Promise<GoldenShop> {
  const shop = await openShop(goldenProject, goldenTables, true);
  const statements: string[] = [];
  const { serving } = shop.engine;
  const engine = await openEngine({
    catalog: shop.engine.catalog,
    today: () => dayOf(2026, 1, 1),
    serving: {
      ...serving,
      run: (sql, parameters = [], options) => {
        statements.push(
          [prettySql(sql), ...parameters.map((p, i) => `-- $${i + 1} = ${JSON.stringify(p.value)}`)].join("\n"),
        );
        return serving.run(sql, parameters, options);
      },
    },
  });
  return {
    engine,
    close: shop.close,
    rows: async (text) => {
      const { rowCount, columns } = await serving.run(text);
      return Array.from({ length: rowCount }, (_, r) => columns.map((column) => column[r] as Value));
    },
    async ask(query) {
      statements.length = 0;
      const result = await engine.query(query);
      return { result, statements: `${statements.join(";\n\n")};\n` };
    },
  };
}

/** One clause a line, indented by the depth of its parentheses; text and names in quotes are left as they are. */
export function prettySql(sql: string): string {
  let depth = 0;
  return sql.replaceAll(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|\((?=select |with )|[()]| (?=(?:from|where|group by|order by|union all|left join|inner join|cross join|limit) )/g,
    (part) => {
      if (part === "(") {
        depth++;
        return part;
      }
      if (part === ")") {
        depth--;
        return part;
      }
      return part === " " ? `\n${"  ".repeat(depth)}` : part;
    },
  );
}

/** Whether a text in CSV could be read as several cells, nothing, a boolean or a number. */
const isAmbiguous = (text: string): boolean =>
  /[",\n]/.test(text) || ["", "true", "false"].includes(text) || !Number.isNaN(Number(text));

function cell(value: Value | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return isAmbiguous(value) ? `"${value.replaceAll('"', '""')}"` : value;
  return typeof value === "number" ? String(Number(value.toPrecision(12))) : String(value);
}

/** Rows as CSV: nothing is null, texts that look like anything else are in quotes. Totals and others follow under `part`. */
export function toCsv(result: Result): string {
  const names = result.columns.map((c) => c.name);
  const parts = result.totals || result.others;
  const line = (part: string, row: Result["rows"][number]): string =>
    [...(parts ? [part] : []), ...names.map((name) => cell(row[name]))].join(",");
  return `${[[...(parts ? ["part"] : []), ...names].join(","), ...result.rows.map((row) => line("row", row)), ...(result.totals ?? []).map(({ row }) => line("total", row)), ...(result.others ?? []).map(({ row }) => line("others", row))].join("\n")}\n`;
}

/** Lines of cells; a number is a number, nothing is null. */
export function fromCsv(text: string): readonly (readonly Value[])[] {
  return text
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) =>
      [...`${line},`.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*)),/g)].map(([, quoted, plain]) => {
        if (quoted !== undefined) return quoted.replaceAll('""', '"');
        if (plain === "") return null;
        if (plain === "true" || plain === "false") return plain === "true";
        return Number.isNaN(Number(plain)) ? plain! : Number(plain);
      }),
    );
}

/** Where two tables differ, by doubles' last digits at most; null where they do not. */
export function difference(got: readonly (readonly Value[])[], want: readonly (readonly Value[])[]): string | null {
  if (got.length !== want.length) return `${got.length} rows instead of ${want.length}`;
  for (const [i, row] of want.entries())
    if (row.length !== got[i]!.length || row.some((value, c) => !alike(got[i]![c]!, value)))
      return `row ${i + 1}: ${JSON.stringify(got[i])} instead of ${JSON.stringify(row)}`;
  return null;
}
const alike = (a: Value, b: Value): boolean =>
  a === b ||
  (typeof a === "number" && typeof b === "number" && Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b)));

export const OPERATIONS = [
  "group",
  "filter",
  "or / not",
  "date range",
  "segment filter",
  "measure filter",
  "order and limit",
  "top",
  "others",
  "totals",
  "compare",
  "fill dates",
  "zone",
  "drill across",
  "named calculation",
  "history",
] as const;
export const MEASURES = [
  "sum",
  "count",
  "distinct",
  "avg",
  "min/max",
  "median",
  "quantile",
  "stddev",
  "filtered",
  "calculated",
  "running",
  "rolling",
  "to_date",
  "shift",
  "share",
  "rank",
  "semi-additive",
  "nested",
  "conversion",
] as const;
export const DIMENSIONS = [
  "plain",
  "snowflake",
  "binned",
  "date level",
  "role-playing",
  "degenerate",
  "bridge",
  "weighted bridge",
  "scd2 as_is",
  "scd2 as_was",
  "scd2 as_of",
  "segment",
  "parent-child",
  "fiscal weeks",
] as const;
export interface Coverage {
  readonly operations: readonly string[];
  readonly measures: readonly string[];
  readonly dimensions: readonly string[];
}

/** What a case covers, read from its query and the model. */
export function coverageOf(query: Query, engine: Engine): Coverage {
  const { catalog } = engine;
  const filters = JSON.stringify(query.filters ?? []);
  const named = query.measures.filter((m): m is string => typeof m === "string");
  const cubes = new Set(named.map((m) => m.split(".")[0]));
  const operations: [string, boolean][] = [
    ["group", (query.dimensions ?? []).length > 0],
    ["filter", /"member":"(?!date"|ship_date"|at")/.test(filters)],
    ["or / not", /"(or|not)":/.test(filters)],
    ["date range", filters.includes("in_range")],
    ["segment filter", filters.includes('"segment":')],
    ["measure filter", [...catalog.measures.keys()].some((m) => filters.includes(`"${m}"`))],
    ["order and limit", query.order !== undefined],
    ["top", query.top !== undefined],
    ["others", (query.top ?? []).some((t) => t.others)],
    ["totals", Boolean(query.totals)],
    ["compare", query.compare !== undefined],
    ["fill dates", query.fillDates === true],
    ["zone", query.timeZone !== undefined],
    ["drill across", cubes.size > 1],
    ["named calculation", named.length < query.measures.length],
    ["history", query.history !== undefined],
  ];
  return {
    operations: operations.flatMap(([name, has]) => (has ? [name] : [])),
    measures: [...new Set(named.flatMap((m) => kindsOf(catalog, measureNamed(catalog, m)!)))],
    dimensions: [...new Set((query.dimensions ?? []).map((member) => dimensionKind(member, query, engine)))],
  };
}

function kindsOf(catalog: Catalog, { spec, base }: MeasureNode): string[] {
  switch (spec.kind) {
    case "aggregate":
      return [
        { count_distinct: "distinct", approx_count_distinct: "distinct", min: "min/max", max: "min/max" }[
          spec.aggregate as string
        ] ?? spec.aggregate,
        ...(spec.where ? ["filtered"] : []),
      ];
    case "semi_additive":
      return ["semi-additive"];
    case "time":
      return [
        spec.change.type,
        ...(base ? kindsOf(catalog, catalog.measures.get(base)!).filter((kind) => kind !== "sum") : []),
      ];
    default:
      return [spec.kind];
  }
}

function dimensionKind(member: string, query: Query, { catalog, binding }: Engine): string {
  const ref = resolveAttribute(catalog, binding, member, member);
  if (ref.t === "segment") return "segment";
  if (ref.t === "fact") return "degenerate";
  const role = [...catalog.cubes.values()].map((cube) => cube.roles.get(ref.role)).find((r) => r !== undefined)!;
  if ("through" in role) return role.through.weight === undefined ? "bridge" : "weighted bridge";
  if (ref.attribute.source.t === "closure") return "parent-child";
  if (ref.dimension.calendar?.fiscalWeeks && isFiscal(ref.attribute.name)) return "fiscal weeks";
  if (ref.dimension.calendar) return ref.role === "ship_date" ? "role-playing" : "date level";
  if (ref.attribute.source.t === "reference") return "snowflake";
  if (ref.attribute.bins) return "binned";
  const { spec } = ref.dimension;
  return spec.kind === "dimension" && spec.history
    ? `scd2 ${typeof query.history === "object" ? "as_of" : (query.history ?? "as_is")}`
    : "plain";
}

/** How many cases lie in each cell of one side against another; a dot is a hole. */
export function gridOf(
  cases: readonly Coverage[],
  down: keyof Coverage,
  downNames: readonly string[],
  across: keyof Coverage,
  acrossNames: readonly string[],
): { readonly text: string; readonly holes: number; readonly cells: number } {
  const wide = Math.max(...downNames.map((n) => n.length));
  let holes = 0;
  const lines = downNames.map(
    (row) =>
      `${row.padEnd(wide)} ${acrossNames
        .map((name) => {
          const n = cases.filter((c) => c[down].includes(row) && c[across].includes(name)).length;
          if (n === 0) holes++;
          return (n === 0 ? "·" : String(n)).padStart(name.length);
        })
        .join("  ")}`,
  );
  return {
    text: [`${" ".repeat(wide)} ${acrossNames.join("  ")}`, ...lines].join("\n"),
    holes,
    cells: downNames.length * acrossNames.length,
  };
}
