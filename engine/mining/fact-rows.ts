/** Rows of one fact as a table of the workbench: keys, days, attributes and amounts, up to the day that labels stand for. */
import { TesseraError, phrase } from "../errors/index.ts";
import type { CubeNode, RoleNode } from "../model/catalog.ts";
import type { Day } from "../model/time/calendar.ts";
import type { Filter } from "../model/filter.ts";
import type { Argument } from "../model/measure.ts";
import { FactSource } from "../query/scan/fact-source.ts";
import { resolveFilter } from "../query/resolve/condition.ts";
import { conjuncts } from "../query/resolve/condition-parts.ts";
import { resolveAttribute } from "../query/binding/member.ts";
import { printDuckdb, type Printed } from "../sql/print-duckdb.ts";
import { column, type Expr } from "../sql/tree.ts";
import type { Engine } from "../query/answer/engine.ts";

/** A column of a fact: the key of a role's member, a day, an attribute, or what a plain sum adds up (0 where it is null). */
export type FactColumn =
  | { readonly key: string }
  | { readonly day: string }
  | { readonly attribute: string }
  | { readonly amount: string };

export interface FactRows {
  readonly cube: string;
  readonly columns: { readonly [name: string]: FactColumn };
  /** bounds on the cube's own date role, both included */
  readonly from?: Day;
  readonly until?: Day;
  readonly filters?: readonly Filter[];
  readonly distinct?: boolean;
}

/** @throws TesseraError `mining-invalid` for a cube, role or measure that does not fit, said of `place` */
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
        throw new TesseraError("mining-invalid", phrase`cube ${cube.name} has no ${wanted.attribute}`, {
          place,
          remedy: phrase`it has ${[...cube.roles.keys(), ...cube.attributes.keys()].join(", ")}`,
        });
      return source.attribute(ref);
    }
    const node = engine.catalog.measures.get(wanted.amount);
    if (
      !node ||
      node.cube !== cube.name ||
      node.spec.kind !== "aggregate" ||
      node.spec.aggregate !== "sum" ||
      node.spec.where
    )
      throw new TesseraError("mining-invalid", phrase`${wanted.amount} is no plain sum of ${cube.name}`, {
        place,
        remedy: phrase`one of ${plainSums(cube).join(", ") || "none is declared"}`,
      });
    return {
      t: "call",
      name: "coalesce",
      args: [
        { t: "cast", of: source.argument((node.spec as { readonly of: Argument }).of), type: "double" },
        { t: "numeral", text: "0" },
      ],
    };
  };
  const columns = Object.entries(rows.columns).map(([as, wanted]) => ({ expr: expr(wanted), as }));
  return printDuckdb({ t: "select", ...(rows.distinct && { distinct: true }), columns, ...source.parts() });
}

export const parametersOf = (printed: Printed): (string | number | boolean | null)[] =>
  printed.parameters.map((p) => p.value);

export function cubeOf(engine: Engine, place: string, name: string): CubeNode {
  const cube = engine.catalog.cubes.get(name);
  if (!cube)
    throw new TesseraError("mining-invalid", phrase`unknown cube ${name}`, {
      place,
      remedy: phrase`one of ${[...engine.catalog.cubes.keys()].join(", ")}`,
    });
  return cube;
}

export function dateRoleOf(cube: CubeNode, place: string): string {
  if (cube.dateRole === null)
    throw new TesseraError("mining-invalid", phrase`cube ${cube.name} has no date`, {
      place,
      remedy: "use a cube that joins a date dimension",
    });
  return cube.dateRole;
}

/** The column of the fact that holds the key of a role's member. */
export function roleColumn(cube: CubeNode, role: string, place: string): string {
  const on = cube.roles.get(role);
  if (!on || "through" in on)
    throw new TesseraError("mining-invalid", phrase`cube ${cube.name} has no dimension ${role} of one member a row`, {
      place,
      remedy: phrase`it has ${[...cube.roles.keys()].join(", ")}`,
    });
  return on.on;
}

const plainSums = (cube: CubeNode): string[] =>
  [...cube.measures.values()]
    .filter((m) => m.spec.kind === "aggregate" && m.spec.aggregate === "sum" && !m.spec.where)
    .map((m) => m.member);

/** The label of each member of a dimension, by its key as text. */
export async function memberNames(engine: Engine, { dimension }: RoleNode): Promise<Map<string, string>> {
  const { spec } = dimension;
  if (spec.kind === "date") throw new Error("a date dimension has no members of its own");
  const label = dimension.attributes.get(spec.label ?? "")?.source;
  const text =
    label?.t === "column"
      ? `"${label.column.replaceAll('"', '""')}"`
      : label?.t === "fragment"
        ? `(${label.sql})`
        : `"${spec.key}"`;
  const current = spec.history ? ` WHERE "${spec.history.until}" IS NULL` : "";
  const read = await engine.serving.run(
    `SELECT "${spec.key}"::VARCHAR, ${text}::VARCHAR FROM ${spec.table !== undefined ? `"${spec.table}"` : `(${spec.sql})`} AS t${current}`,
  );
  return new Map(read.columns[0]!.map((key, i) => [String(key), String(read.columns[1]![i] ?? key)]));
}
