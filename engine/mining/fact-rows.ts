/** Rows of one cube's facts as a statement: keys, days, attributes and amounts, up to the day of the labels. */
import { TesseraError, didYouMean, phrase } from "../errors/index.ts";
import { at } from "../lookup.ts";
import type { CubeNode, MeasureNode, RoleNode } from "../model/catalog.ts";
import type { Day } from "../model/time/calendar.ts";
import type { Filter } from "../model/filter.ts";
import type { Argument } from "../model/measure.ts";
import { FactSource } from "../query/scan/fact-source.ts";
import { resolveFilter } from "../query/resolve/condition.ts";
import { conjuncts } from "../query/resolve/condition-parts.ts";
import { resolveAttribute } from "../query/binding/member.ts";
import { printDuckdb, quote, type Printed } from "../sql/print-duckdb.ts";
import { column, type Expr } from "../sql/tree.ts";
import type { Engine } from "../query/answer/engine.ts";

/** A column of facts: the key of a role's member, a day, an attribute, or what a plain sum adds up (0 for null). */
export type FactColumn =
  | { readonly key: string }
  | { readonly day: string }
  | { readonly attribute: string }
  | { readonly amount: string };

/** Which rows and columns to read. */
export interface FactRows {
  readonly cube: string;
  /** column name to what it holds */
  readonly columns: { readonly [name: string]: FactColumn };
  /** bounds on the cube's own date role, both included */
  readonly from?: Day;
  readonly until?: Day;
  readonly filters?: readonly Filter[];
  readonly distinct?: boolean;
}

/**
 * The statement that reads rows of a cube.
 * @param place where the request was written, for errors
 * @throws TesseraError `mining-invalid` for a cube, role, attribute or measure that does not fit
 */
export function factRows(engine: Engine, place: string, rows: FactRows): Printed {
  const cube = cubeOf(engine, place, rows.cube);
  const { plan } = engine.context("as_is", null, engine.now());
  const source = new FactSource(plan, cube);
  if (rows.from !== undefined || rows.until !== undefined)
    source.within(dateRoleOf(cube, place), [
      { from: rows.from ?? Number.NEGATIVE_INFINITY, until: rows.until ?? Number.POSITIVE_INFINITY },
    ]);
  for (const [i, filter] of (rows.filters ?? []).entries()) {
    const condition = resolveFilter(
      {
        catalog: engine.catalog,
        binding: engine.binding,
        now: engine.now(),
      },
      filter,
      `${place} › filters[${i}]`,
    );
    for (const part of conjuncts(condition)) source.filter(part);
  }
  const expr = (wanted: FactColumn): Expr => {
    if ("key" in wanted) return column("f", roleColumn(cube, wanted.key, place));
    if ("day" in wanted) return source.day(wanted.day);
    if ("attribute" in wanted) {
      const ref = resolveAttribute(engine.catalog, engine.binding, wanted.attribute, place);
      if (!source.has(ref))
        throw new TesseraError(
          "mining-invalid",
          phrase`attribute "${wanted.attribute}" not found in cube ${cube.name}`,
          {
            place,
            remedy: phrase`choose among ${[...cube.roles.keys(), ...cube.attributes.keys()].join(", ")}`,
          },
        );
      return source.attribute(ref);
    }
    return summand(source, plainSum(engine, cube, wanted.amount, place));
  };
  const columns = Object.entries(rows.columns).map(([as, wanted]) => ({ expr: expr(wanted), as }));
  return printDuckdb({ t: "select", ...(rows.distinct && { distinct: true }), columns, ...source.parts() });
}

/** The parameters of a printed statement, in order. */
export const parametersOf = (printed: Printed): (string | number | boolean | null)[] =>
  printed.parameters.map((p) => p.value);

/** The cube of a name. @throws TesseraError `mining-invalid` where the catalog does not have it */
export function cubeOf(engine: Pick<Engine, "catalog">, place: string, name: string): CubeNode {
  const cube = engine.catalog.cubes.get(name);
  if (!cube) {
    const names = [...engine.catalog.cubes.keys()];
    throw new TesseraError("mining-invalid", phrase`cube "${name}" not found${didYouMean(name, names)}`, {
      place,
      remedy: phrase`choose among ${names.join(", ")}`,
    });
  }
  return cube;
}

/** The role of a cube's date. @throws TesseraError `mining-invalid` for a cube without a date */
export function dateRoleOf(cube: CubeNode, place: string): string {
  if (cube.dateRole === null)
    throw new TesseraError("mining-invalid", phrase`cube "${cube.name}" has no date`, {
      place,
      remedy: "use a cube that joins a date dimension",
    });
  return cube.dateRole;
}

/** The column of the facts with the key of a role's member. @throws TesseraError `mining-invalid` for other roles */
export function roleColumn(cube: CubeNode, role: string, place: string): string {
  const on = cube.roles.get(role);
  if (!on || "through" in on)
    throw new TesseraError("mining-invalid", phrase`cube "${cube.name}" does not join "${role}" by a key of its rows`, {
      place,
      remedy: phrase`choose among ${[...cube.roles.keys()].join(", ")}`,
    });
  return on.on;
}

/** A measure that is a sum without a condition, and what it adds up. */
export type PlainSum = MeasureNode & { readonly spec: { readonly of: Argument } };

const isPlainSum = (node: MeasureNode): node is PlainSum =>
  node.spec.kind === "aggregate" && node.spec.aggregate === "sum" && !node.spec.where && node.spec.of !== undefined;

/** The measures of a cube that are plain sums. */
export const plainSums = (cube: CubeNode): string[] =>
  [...cube.measures.values()].filter(isPlainSum).map((m) => m.member);

/** The plain sum of a name. @throws TesseraError `mining-invalid` where it is another measure, or of another cube */
export function plainSum(engine: Pick<Engine, "catalog">, cube: CubeNode, member: string, place: string): PlainSum {
  const node = engine.catalog.measures.get(member);
  if (!node || node.cube !== cube.name || !isPlainSum(node)) {
    const names = plainSums(cube);
    throw new TesseraError("mining-invalid", phrase`measure "${member}" is not a plain sum of cube ${cube.name}`, {
      place,
      remedy:
        names.length === 0 ? phrase`declare a sum in cube ${cube.name}` : phrase`choose among ${names.join(", ")}`,
    });
  }
  return node;
}

/** What a plain sum adds up for one row, as a double; 0 for null. */
export const summand = (source: FactSource, node: PlainSum): Expr => ({
  t: "call",
  name: "coalesce",
  args: [
    { t: "cast", of: source.argument(node.spec.of), type: "double" },
    { t: "numeral", text: "0" },
  ],
});

/** The label of each member of a dimension, by its key as text. */
export async function memberNames(engine: Engine, { dimension }: RoleNode): Promise<Map<string, string>> {
  const { spec } = dimension;
  if (spec.kind === "date") throw new Error("a date dimension has no members of its own");
  const key = quote(spec.key);
  const label = dimension.attributes.get(spec.label ?? "")?.source;
  let text = key;
  if (label?.t === "column") text = quote(label.column);
  if (label?.t === "fragment") text = `(${label.sql})`;
  const table = spec.table !== undefined ? quote(spec.table) : `(${spec.sql})`;
  const current = spec.history ? ` WHERE ${quote(spec.history.until)} IS NULL` : "";
  const { columns } = await engine.serving.run(`SELECT ${key}::VARCHAR, ${text}::VARCHAR FROM ${table} AS t${current}`);
  const labels = at(columns, 1);
  return new Map(Array.from(at(columns, 0), (value, i) => [String(value), String(labels[i] ?? value)]));
}
