/** The members of an attribute, searched and in order: what filters offer. */
import { calendarOf } from "../../model/catalog.ts";
import { at, first } from "../../lookup.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import { isPeriod } from "../../model/time/calendar.ts";
import { all, column, integer, notNull, parameter, type Expr, type Select } from "../../sql/tree.ts";
import { ask, type RunOptions } from "../../warehouse/serving.ts";
import { binLabels } from "../binding/bins.ts";
import type { Engine } from "../answer/engine.ts";
import { FactSource } from "../scan/fact-source.ts";
import { dimensionSource } from "../scan/dimension-source.ts";
import { resolveAttribute, type AttributeRef, type RoleRef, levelOf } from "../binding/member.ts";
import type { Value } from "../../model/query.ts";
import { decoder } from "../answer/result.ts";
import { timeCells } from "../time/time-cells.ts";

/** Lists the members of an attribute. @throws TesseraError `unknown-member`, `query-invalid` */
export async function members(
  engine: Engine,
  member: string,
  request: { readonly search?: string; readonly limit?: number } = {},
  options: RunOptions = {},
): Promise<{ values: readonly Value[]; truncated: boolean }> {
  const ref = resolveAttribute(engine.catalog, engine.binding, member, member);
  const limit = request.limit ?? 100;
  if (!Number.isInteger(limit) || limit < 1)
    throw new TesseraError("query-invalid", phrase`limit is a whole number from 1 on; got ${String(limit)}`, {
      place: "limit",
      remedy: phrase`give a whole number from 1 to ${MOST.toLocaleString("en")}`,
    });
  return listed(engine, ref, request.search, Math.min(limit, MOST), options);
}

/** The most members of a list; search finds the others. */
const MOST = 10_000;

async function listed(
  engine: Engine,
  ref: AttributeRef,
  search: string | undefined,
  limit: number,
  options: RunOptions,
): Promise<{ values: readonly Value[]; truncated: boolean }> {
  if (ref.t === "segment") return { values: [true, false], truncated: false };
  if (ref.t === "role" && ref.dimension.calendar) return dateMembers(engine, ref, search, limit);
  const { plan } = engine.context("as_is", null, engine.now());
  let value: Expr;
  let parts: ReturnType<FactSource["parts"]>;
  if (ref.t === "role") {
    const source = dimensionSource(plan, ref.dimension);
    value = source.value(ref);
    parts = source.parts();
  } else {
    const source = new FactSource(plan, ref.fact);
    value = source.attribute(ref);
    parts = source.parts();
  }
  const inner: Select = { t: "select", distinct: true, columns: [{ expr: value, as: "value" }], ...parts };
  const own = column("x", "value");
  const tree: Select = {
    t: "select",
    columns: [{ expr: own, as: "value" }],
    from: { t: "select", select: inner, as: "x" },
    where: all([notNull(own), search === undefined || search === "" ? null : found(ref, own, search)]),
    orderBy: [{ by: own, direction: "asc" }],
    limit: limit + 1,
  };
  const read = await ask(engine.serving, tree, options);
  const decode = decoder(ref);
  const values = at(read.columns, 0).map((v) => (decode ? decode(v) : v));
  return { values: values.slice(0, limit), truncated: values.length > limit };
}

/** People search by what is shown: bins by their labels. */
function found(ref: Exclude<AttributeRef, { t: "segment" }>, own: Expr, search: string): Expr {
  const { bins } = ref.attribute;
  if (!bins)
    return { t: "call", name: "contains", args: [{ t: "cast", of: own, type: "text" }, parameter(search, "text")] };
  return {
    t: "in",
    of: own,
    values: binLabels(bins).flatMap((label, i) =>
      label.toLowerCase().includes(search.toLowerCase()) ? [integer(i)] : [],
    ),
  };
}

function dateMembers(
  engine: Engine,
  ref: RoleRef,
  search: string | undefined,
  limit: number,
): { values: readonly Value[]; truncated: boolean } {
  const calendar = calendarOf(engine.catalog, ref.role);
  const level = levelOf(ref);
  if (level === "hour" || level === "minute" || level === "hour_of_day")
    throw new TesseraError("query-invalid", phrase`${ref.member} has too many members to list`, {
      place: ref.member,
      remedy: "list days, and filter by them",
    });
  const spans = [...engine.catalog.cubes.values()].flatMap((cube) => {
    const span = cube.roles.has(ref.role) ? engine.spanOf(cube.name, ref.role) : null;
    return span ? [span] : [];
  });
  const from = calendar.from ?? (spans.length > 0 ? Math.min(...spans.map((s) => s.from)) : engine.now());
  const until = calendar.until ?? (spans.length > 0 ? Math.max(...spans.map((s) => s.until)) : engine.now());
  const found = new Set<Value>();
  for (const cell of timeCells(calendar, [level], [{ from, until }])) found.add(first(cell.values));
  const values = [...found].filter((v) => v !== null && (search === undefined || String(v).includes(search)));
  if (!isPeriod(level))
    values.sort((a, b) =>
      typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)),
    );
  return { values: values.slice(0, limit), truncated: values.length > limit };
}
