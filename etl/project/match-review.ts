/** Review of a match: pairs that wait for a decision, the match's report, and separating an entry from its group. */
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { Row, Value } from "../../engine/model/query.ts";
import { quoteIdentifier, type State } from "../../engine/warehouse/index.ts";
import { compileTable } from "../build/build-table.ts";
import type { OpenProject, QueryOptions } from "./open-project.ts";
import type { Table } from "../declare/table.ts";
import { tablesOf } from "../declare/project-parts.ts";
import { decide, decisionsOf, entryText, pairId, type EntryId } from "../match/decisions.ts";
import { reviewTable } from "../declare/match.ts";
import { keyName, type MatchRules } from "../declare/match-rules.ts";
import { ENOUGH_JUDGED, MATCHES, type MatchReport } from "../match/match-report.ts";

/** A table made by `defineMatch`. */
export type MatchTable = Table & { readonly match: MatchRules };

/** An entry with its fields. */
export interface ReviewedEntry extends EntryId {
  /** the entry's current key */
  readonly key: number;
  /** the fields as the source has them */
  readonly values: { readonly [field: string]: Value };
}

/** A pair for review. */
export interface ReviewPair {
  /** names the pair in a decision */
  readonly id: string;
  readonly match: string;
  readonly probability: number;
  /** false: fields of `must` differ, so only a decision joins the pair */
  readonly alike: boolean;
  readonly left: ReviewedEntry;
  readonly right: ReviewedEntry;
  readonly fields: readonly string[];
}

/** The matches of a project. */
export const matchesOf = (spec: ProjectSpec): readonly MatchTable[] =>
  tablesOf(spec).filter((table): table is MatchTable => table.match !== undefined);

/** The named match; default the first. @throws TesseraError `not-found` */
export function matchOf(spec: ProjectSpec, name?: string): MatchTable {
  const all = matchesOf(spec);
  const found = name === undefined ? all[0] : all.find((each) => each.name === name);
  if (found) return found;
  const names = all.map((each) => each.name);
  throw new TesseraError(
    "not-found",
    name === undefined
      ? "the project declares no match"
      : phrase`match "${name.slice(0, 100)}" not found${didYouMean(name.slice(0, 100), names)}`,
    {
      remedy:
        names.length > 0
          ? phrase`use one of ${names.join(", ")}`
          : "declare one with defineMatch among the project's tables",
    },
  );
}

/** The report of the last load's match; null before the first load. */
export async function matchReport(
  project: OpenProject,
  match: MatchTable,
  options?: QueryOptions,
): Promise<MatchReport | null> {
  const [row] = await rowsOf(project, `SELECT * FROM ${MATCHES} WHERE match = $1`, [match.name], options);
  if (row === undefined) return null;
  const number = (column: string): number => Number(row[column]);
  return {
    entries: number("entries"),
    members: number("members"),
    byKey: number("by_key"),
    byScore: number("by_score"),
    compared: number("compared"),
    review: number("review"),
    ...precisionOf(row),
    refused: number("refused"),
  };
}

/** Versions from before pairs were judged have the precision by weights only. */
function precisionOf(row: Row): Pick<MatchReport, "expectedPrecision" | "precisionByWeights" | "judged"> {
  const number = (column: string): number | null =>
    row[column] === null || row[column] === undefined ? null : Number(row[column]);
  return "judged" in row
    ? {
        expectedPrecision: number("expected_precision"),
        precisionByWeights: number("precision_by_weights"),
        judged: number("judged") ?? 0,
      }
    : { expectedPrecision: null, precisionByWeights: number("expected_precision"), judged: 0 };
}

/** The precision of joins by likeness in words; empty without such joins. */
export function precisionText({ expectedPrecision, precisionByWeights, judged }: MatchReport): string {
  const percent = (share: number): string => `${(Math.floor(1000 * share) / 10).toFixed(1)} %`;
  if (expectedPrecision !== null)
    return `about ${percent(expectedPrecision)} of them are right, by ${judged} judged pairs`;
  if (precisionByWeights === null) return "";
  return (
    `their precision is unknown: ${judged} of ${ENOUGH_JUDGED} necessary pairs are judged; the weights estimate ` +
    `${percent(precisionByWeights)}, but assume independent fields, which those of a household are not`
  );
}

/** Uncertain pairs without a decision: the likeliest first, those that differ in a `must` field last. */
export async function reviewPairs(
  project: OpenProject,
  state: State,
  match: MatchTable,
  { limit = 50, offset = 0 }: { readonly limit?: number; readonly offset?: number } = {},
  options?: QueryOptions,
): Promise<{ readonly pairs: readonly ReviewPair[]; readonly total: number }> {
  const decided = new Set(decisionsOf(state, match.name).map(({ left, right }) => pairKey(left, right)));
  const found = (
    await rowsOf(
      project,
      `SELECT * FROM ${quoteIdentifier(reviewTable(match.name))}
       ORDER BY probability DESC, left_source, left_id, right_source, right_id`,
      [],
      options,
    )
  )
    .map((row) => ({
      left: { source: String(row["left_source"]), id: String(row["left_id"]) },
      right: { source: String(row["right_source"]), id: String(row["right_id"]) },
      probability: Number(row["probability"]),
      alike: row["alike"] !== false,
    }))
    .filter(({ left, right }) => !decided.has(pairKey(left, right)))
    .sort((a, b) => Number(b.alike) - Number(a.alike));
  const shown = found.slice(offset, offset + limit);
  const entries = await entriesOf(
    project,
    match,
    shown.flatMap(({ left, right }) => [left, right]),
    options,
  );
  const fields = Object.entries(match.match.fields).map(([name, field]) => field.column ?? name);
  const full = (entry: EntryId): ReviewedEntry => entries.get(entryText(entry)) ?? { ...entry, key: 0, values: {} };
  return {
    total: found.length,
    pairs: shown.map(({ left, right, probability, alike }) => ({
      id: pairId(left, right),
      match: match.name,
      probability,
      alike,
      left: full(left),
      right: full(right),
      fields,
    })),
  };
}

/** Entries as the select gives them now: personal data is stored only in the sources' own tables. */
async function entriesOf(
  project: OpenProject,
  match: MatchTable,
  wanted: readonly EntryId[],
  options?: QueryOptions,
): Promise<ReadonlyMap<string, ReviewedEntry>> {
  if (wanted.length === 0) return new Map();
  const { sql, parameters } = compileTable(match);
  const values = parameters.map((value) =>
    typeof value === "number" || typeof value === "boolean" || value === null ? value : String(value),
  );
  const ids = wanted.flatMap(({ source, id }) => [source, id]);
  const places = wanted.map((_, i) => `($${values.length + 2 * i + 1}, $${values.length + 2 * i + 2})`).join(", ");
  const rows = await rowsOf(
    project,
    `SELECT e.*, m.${quoteIdentifier(keyName(match.match))} AS "__key"
     FROM (${sql}) AS e JOIN ${quoteIdentifier(match.name)} AS m
       ON m.source = e.source AND m.source_id = CAST(e.source_id AS VARCHAR)
     WHERE (e.source, CAST(e.source_id AS VARCHAR)) IN (${places})`,
    [...values, ...ids],
    options,
  );
  return new Map(
    rows.map((row) => {
      const entry: ReviewedEntry = {
        source: String(row["source"]),
        id: String(row["source_id"]),
        key: Number(row["__key"]),
        values: Object.fromEntries(
          Object.entries(match.match.fields).map(([name, { column = name }]) => [column, row[column] ?? null]),
        ),
      };
      return [entryText(entry), entry];
    }),
  );
}

/**
 * Separates an entry from all others of its group; the next load gives it its own key back.
 * @returns the entries of its former group
 * @throws TesseraError `not-found` for an unknown entry, or one that is alone
 */
export async function unmerge(
  project: OpenProject,
  state: State,
  match: MatchTable,
  entry: EntryId,
  by: string,
  at: Date,
): Promise<readonly EntryId[]> {
  const table = quoteIdentifier(match.name);
  const key = quoteIdentifier(keyName(match.match));
  const rows = await rowsOf(
    project,
    `SELECT o.source, o.source_id FROM ${table} AS m JOIN ${table} AS o ON o.${key} = m.${key}
     WHERE m.source = $1 AND m.source_id = $2 ORDER BY o.source, o.source_id`,
    [entry.source, entry.id],
  );
  if (rows.length === 0)
    throw new TesseraError("not-found", phrase`entry "${entryText(entry)}" not found in ${match.name}`, {
      remedy: phrase`the sources are ${match.match.sources.join(", ")}`,
    });
  const others = rows
    .map((row) => ({ source: String(row["source"]), id: String(row["source_id"]) }))
    .filter((other) => other.source !== entry.source || other.id !== entry.id);
  if (others.length === 0)
    throw new TesseraError("not-found", phrase`entry ${entryText(entry)} is not joined with others`, {
      place: entryText(entry),
    });
  for (const other of others) decide(state, match.name, { left: entry, right: other, decision: "apart" }, by, at);
  return others;
}

const rowsOf = async (
  project: OpenProject,
  sql: string,
  parameters: readonly Value[],
  options?: QueryOptions,
): Promise<readonly Row[]> => (await project.sql(sql, parameters, options)).rows;
const pairKey = (left: EntryId, right: EntryId): string => [entryText(left), entryText(right)].sort().join("\n");
