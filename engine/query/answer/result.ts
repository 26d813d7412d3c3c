/** From the statement's columns to the result that callers see. */
import { isPeriod } from "../../model/time/calendar.ts";

import type { ResultColumns } from "../../warehouse/columns.ts";
import type { Compiled } from "../plan/compiled.ts";
import { binLabels } from "../binding/bins.ts";
import { groupingNumber } from "../language/grouping.ts";
import { leavesIn } from "../resolve/leaf.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { Column, Row, Value } from "../../model/query.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";

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
      const m = query.measures[value.measure]!;
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

/** A dimension's column; two columns of one title are told apart by their role's. */
function keyColumn(ref: AttributeRef, all: readonly AttributeRef[]): Column {
  const alike = all.some((other) => other !== ref && other.title === ref.title);
  const owner = ref.t === "role" ? ref.role : ref.t === "fact" ? ref.cube : "";
  return {
    name: ref.member,
    kind: "dimension",
    type: ref.type,
    title: alike && owner !== "" ? `${owner.replaceAll("_", " ")}: ${ref.title}` : ref.title,
    ...(ref.t !== "segment" && ref.attribute.description !== undefined && { description: ref.attribute.description }),
    ...(ref.t === "role" &&
      ref.dimension.calendar &&
      (isPeriod(ref.attribute.name) || ref.attribute.name === "hour" || ref.attribute.name === "minute") && {
        level: ref.attribute.name,
      }),
  };
}

/** How a key's raw value reads: bins by their label. */
export function decoder(ref: AttributeRef): ((value: Value) => Value) | null {
  if (ref.t === "segment" || ref.attribute.bins === undefined) return null;
  const labels = binLabels(ref.attribute.bins);
  return (value) => (value === null ? null : labels[Number(value)]!);
}

export function assemble(query: ResolvedQuery, compiled: Compiled, read: ResultColumns): Assembled {
  const keys = query.keys.length;
  const details = groupingNumber(query.sets[0]!, keys);
  const levels = new Map(query.sets.slice(1).map((set) => [groupingNumber(set, keys), set] as const));
  const fields = [
    ...query.keys.map((ref, i) => ({ name: ref.member, values: read.columns[i]!, key: i, decode: decoder(ref) })),
    ...compiled.values.map((value) => ({
      name: value.name,
      values: read.columns[read.names.indexOf(value.column)]!,
      key: -1,
      decode: null,
    })),
  ];
  const g = read.columns[keys]!;
  const rows: Row[] = [];
  const totals = new Map(
    query.sets
      .slice(1)
      .map((set) => [groupingNumber(set, keys), [] as { level: readonly string[]; row: Row }[]] as const),
  );
  for (let r = 0; r < read.rowCount; r++) {
    const number = Number(g[r]);
    const set = number === details ? null : levels.get(number)!;
    const row: Record<string, Value> = {};
    for (const field of fields) {
      if (set !== null && field.key >= 0 && !set.includes(field.key)) continue;
      const value = field.values[r] as Value;
      row[field.name] = field.decode ? field.decode(value) : value;
    }
    if (set === null) rows.push(row);
    else totals.get(number)!.push({ level: set.map((i) => query.keys[i]!.member), row });
  }
  const truncated = rows.length > query.limit;
  return {
    rows: truncated ? rows.slice(0, query.limit) : rows,
    totals: query.sets.length > 1 ? [...totals.values()].flat() : undefined,
    truncated,
  };
}
