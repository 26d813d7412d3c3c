/** From the statement's columns to the result that callers see. */
import { at, required } from "../../lookup.ts";
import { isPeriod } from "../../model/time/calendar.ts";
import type { ResultColumns } from "../../warehouse/columns.ts";
import type { Compiled } from "../plan/compiled.ts";
import { binLabels } from "../binding/bins.ts";
import { groupingNumber, type GroupingSet } from "../language/grouping.ts";
import { leavesIn } from "../resolve/leaf.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { Column, Row, Value } from "../../model/query.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";

/** The rows of a result. */
export interface Assembled {
  readonly rows: readonly Row[];
  readonly totals: readonly { readonly level: readonly string[]; readonly row: Row }[] | undefined;
  readonly truncated: boolean;
}

/** The columns of a result: dimensions, then measures, each with its comparison. */
export function resultColumns(query: ResolvedQuery, compiled: Compiled, currency: string | undefined): Column[] {
  return [
    ...query.keys.map((ref) => keyColumn(ref, query.keys)),
    ...compiled.values.map((value): Column => {
      const m = at(query.measures, value.measure);
      const changed = value.part === "change" || value.part === "change_rate";
      const shown = changed || m.type === "number" || m.type === "integer";
      const format = value.part === "change_rate" ? "percent" : m.format;
      return {
        name: value.name,
        kind: "measure",
        type: changed ? "number" : m.type,
        title:
          m.title + { value: "", previous: " (previous)", change: " (change)", change_rate: " (change %)" }[value.part],
        ...(m.description !== undefined && { description: m.description }),
        ...(shown && { format }),
        better: m.better,
        ...(shown && format === "currency" && currency !== undefined && { currency }),
        ...(compiled.overlapping.size > 0 &&
          leavesIn(m.tree).some((leaf) => compiled.overlapping.has(leaf.column)) && { overlapping: true }),
      };
    }),
  ];
}

/** A dimension's column. Two columns with the same title also show their role. */
function keyColumn(ref: AttributeRef, all: readonly AttributeRef[]): Column {
  const alike = all.some((other) => other !== ref && other.title === ref.title);
  const owner = ownerOf(ref);
  return {
    name: ref.member,
    kind: "dimension",
    type: ref.type,
    title: alike && owner !== null ? `${owner.replaceAll("_", " ")}: ${ref.title}` : ref.title,
    ...(ref.t !== "segment" && ref.attribute.description !== undefined && { description: ref.attribute.description }),
    ...(ref.t === "role" &&
      ref.dimension.calendar &&
      (isPeriod(ref.attribute.name) || ref.attribute.name === "hour" || ref.attribute.name === "minute") && {
        level: ref.attribute.name,
      }),
  };
}

function ownerOf(ref: AttributeRef): string | null {
  if (ref.t === "role") return ref.role;
  return ref.t === "fact" ? ref.cube : null;
}

/** How a key's raw value becomes a member: bins by their label. Null where it is the member already. */
export function decoder(ref: AttributeRef): ((value: Value) => Value) | null {
  if (ref.t === "segment" || ref.attribute.bins === undefined) return null;
  const labels = binLabels(ref.attribute.bins);
  return (value) => (value === null ? null : at(labels, Number(value)));
}

/** The rows and totals of a statement. */
export function assemble(query: ResolvedQuery, compiled: Compiled, read: ResultColumns): Assembled {
  const keys = query.keys.length;
  const [details, ...levels] = query.sets.map((set) => groupingNumber(set, keys));
  const totals = new Map<number, { readonly set: GroupingSet; readonly rows: LevelRow[] }>();
  for (const [i, level] of levels.entries()) totals.set(level, { set: at(query.sets, i + 1), rows: [] });
  const fields = [
    ...query.keys.map((ref, key) => ({ name: ref.member, values: at(read.columns, key), key, decode: decoder(ref) })),
    ...compiled.values.map((value) => ({
      name: value.name,
      values: at(read.columns, read.names.indexOf(value.column)),
      key: -1,
      decode: null,
    })),
  ];
  const rows: Row[] = [];
  for (const [r, level] of at(read.columns, keys).entries()) {
    const total = Number(level) === details ? null : required(totals, Number(level), "level");
    const row: Record<string, Value> = {};
    for (const field of fields) {
      if (total !== null && field.key >= 0 && !total.set.includes(field.key)) continue;
      const value = field.values[r] ?? null;
      row[field.name] = field.decode ? field.decode(value) : value;
    }
    if (total === null) rows.push(row);
    else total.rows.push({ level: total.set.map((i) => at(query.keys, i).member), row });
  }
  const truncated = rows.length > query.limit;
  return {
    rows: truncated ? rows.slice(0, query.limit) : rows,
    totals: query.sets.length > 1 ? [...totals.values()].flatMap((total) => total.rows) : undefined,
    truncated,
  };
}

interface LevelRow {
  readonly level: readonly string[];
  readonly row: Row;
}
