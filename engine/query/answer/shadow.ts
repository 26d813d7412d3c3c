/**
 * A second opinion on an answer: each measure alone, each total as a query of its own, always from the facts. Rollups,
 * shared scans, grouping sets and the merge of facts take no part, so a fault in one of them shows as a difference.
 */
import { splitFilters } from "../language/about-measures.ts";
import { parseQuery } from "../language/parse-query.ts";
import type { Engine } from "./engine.ts";
import type { Query, Result, Row, Value } from "../../model/query.ts";
import type { RunOptions } from "../../warehouse/serving.ts";

/** A cell whose number differs. */
export interface Difference {
  readonly measure: string;
  /** the dimensions of the row or total, with their values */
  readonly cell: Readonly<Record<string, Value>>;
  readonly answered: Value;
  readonly again: Value;
}

/** The most rows to ask for. */
const MOST = 100_000;
/** Doubles differ in their last digits with the order of addition; money does not. */
const TOLERANCE = 1e-9;

/**
 * Compares an answer with a second one.
 * @returns the cells whose numbers differ, at most `most`; empty where all agree
 */
export async function shadow(
  engine: Engine,
  question: unknown,
  result: Result,
  options: RunOptions = {},
  most = 20,
): Promise<readonly Difference[]> {
  const query = parseQuery(question);
  const plain = engine.fromFacts();
  const { totals: _t, order: _o, limit: _l, cursor: _c, top: _p, pivot: _v, ...rest } = query;
  const { rows } = splitFilters(query, engine.catalog);
  const found: Difference[] = [];
  const levels = [{ level: query.dimensions ?? [], rows: result.rows }, ...groupedTotals(result)];
  for (const { level, rows: answered } of levels) {
    for (const measure of query.measures) {
      // a repeated measure has no rows of its own to be repeated on
      if (typeof measure === "string" && engine.catalog.measures.get(measure)?.spec.unrelated === "repeat") continue;
      const names = result.columns
        .filter((c) => c.kind === "measure" && (c.name === nameOf(measure) || c.name.startsWith(`${nameOf(measure)}.`)))
        .map((c) => c.name);
      const again = await plain.query(
        { ...rest, filters: rows, dimensions: level, measures: [measure], limit: MOST } satisfies Query,
        options,
      );
      if (again.meta.truncated) continue;
      const known = new Map(again.rows.map((row) => [keyOf(row, level), row]));
      for (const row of answered) {
        const other = known.get(keyOf(row, level));
        for (const name of names) {
          // alone, a measure without a value has no row; next to others it is null there, and a count is 0
          const [one, two] = [row[name] ?? null, other?.[name] ?? null];
          if (same(one, two) || (other === undefined && (one === 0 || one === null))) continue;
          found.push({
            measure: name,
            cell: Object.fromEntries(level.map((d) => [d, row[d] ?? null])),
            answered: one,
            again: two,
          });
          if (found.length >= most) return found;
        }
      }
    }
  }
  return found;
}

const nameOf = (measure: Query["measures"][number]): string => (typeof measure === "string" ? measure : measure.name);
const keyOf = (row: Row, level: readonly string[]): string => JSON.stringify(level.map((d) => row[d] ?? null));

function groupedTotals(result: Result): { level: readonly string[]; rows: Row[] }[] {
  const levels = new Map<string, { level: readonly string[]; rows: Row[] }>();
  for (const { level, row } of result.totals ?? []) {
    const at = levels.get(level.join()) ?? { level, rows: [] };
    at.rows.push(row);
    levels.set(level.join(), at);
  }
  return [...levels.values()];
}

function same(one: Value, two: Value): boolean {
  if (typeof one === "number" && typeof two === "number")
    return one === two || Math.abs(one - two) <= TOLERANCE * Math.max(Math.abs(one), Math.abs(two), 1e-3);
  return one === two || (one !== null && two !== null && String(one) === String(two));
}
