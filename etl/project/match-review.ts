/** Looking at who is who, and changing it: pairs that wait for a person, what was decided, and taking an entry out of its group. */
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

export type MatchTable = Table & { readonly match: MatchRules };

export interface ReviewedEntry extends EntryId {
  /** the customer's key that the entry has now */
  readonly key: number;
  /** its fields as the source gives them */
  readonly values: { readonly [field: string]: Value };
}

export interface ReviewPair {
  /** for deciding on it */
  readonly id: string;
  readonly match: string;
  readonly probability: number;
  /** false: fields of `must` differ, so the pair is never joined by itself */
  readonly alike: boolean;
  readonly left: ReviewedEntry;
  readonly right: ReviewedEntry;
  readonly fields: readonly string[];
}

export const matchesOf = (spec: ProjectSpec): readonly MatchTable[] =>
  tablesOf(spec).filter((table): table is MatchTable => table.match !== undefined);

/** The named match, or the only one. @throws TesseraError `not-found` */
export function matchOf(spec: ProjectSpec, name?: string): MatchTable {
  const all = matchesOf(spec);
  const found = name === undefined ? all[0] : all.find((each) => each.name === name);
  if (found) return found;
  const names = all.map((each) => each.name);
  throw new TesseraError(
    "not-found",
    name === undefined
      ? "the project declares no match"
      : `there is no match ${name.slice(0, 100)}${didYouMean(name.slice(0, 100), names)}`,
    {
      remedy:
        names.length > 0 ? `there are ${names.join(", ")}` : "declare one with defineMatch among the project's tables",
    },
  );
}

/** How the last load's match went; null before the first. */
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

/** A version made before pairs were judged has the weights' opinion alone. */
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

/** How many of the pairs joined by likeness are right, in words; empty where none were joined. */
export function precisionText({ expectedPrecision, precisionByWeights, judged }: MatchReport): string {
  const percent = (share: number): string => `${(Math.floor(1000 * share) / 10).toFixed(1)} %`;
  if (expectedPrecision !== null)
    return `about ${percent(expectedPrecision)} of them right, as ${judged} judged pairs tell`;
  return precisionByWeights === null
    ? ""
    : `how many of them are right is not known: the weights say ${percent(precisionByWeights)}, but take the fields for independent, which people of one household are not; ${judged} of the ${ENOUGH_JUDGED} judged pairs that would tell are there`;
}

/** Pairs of the uncertain band that nobody has decided on: the likeliest first, those whose names differ last. */
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
      `SELECT * FROM ${quoteIdentifier(reviewTable(match.name))} ORDER BY probability DESC, left_source, left_id, right_source, right_id`,
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

/** Entries as their sources give them now. Nothing of a person is kept beside the sources' own tables. */
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
    `SELECT e.*, m.${quoteIdentifier(keyName(match.match))} AS "__key" FROM (${sql}) AS e JOIN ${quoteIdentifier(match.name)} AS m ON m.source = e.source AND m.source_id = CAST(e.source_id AS VARCHAR) WHERE (e.source, CAST(e.source_id AS VARCHAR)) IN (${places})`,
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
          Object.values(match.match.fields).map((field, i) => {
            const column = field.column ?? Object.keys(match.match.fields)[i]!;
            return [column, row[column] ?? null];
          }),
        ),
      };
      return [entryText(entry), entry];
    }),
  );
}

/**
 * Takes an entry out of its group: it is told apart from everyone in it. The next load gives it its own key back.
 * @returns the entries that it was one with
 * @throws TesseraError `not-found`
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
    `SELECT o.source, o.source_id FROM ${table} AS m JOIN ${table} AS o ON o.${key} = m.${key} WHERE m.source = $1 AND m.source_id = $2 ORDER BY o.source, o.source_id`,
    [entry.source, entry.id],
  );
  if (rows.length === 0)
    throw new TesseraError("not-found", phrase`${entryText(entry)} is no entry of ${match.name}`, {
      remedy: phrase`the sources are ${match.match.sources.join(", ")}`,
    });
  const others = rows
    .map((row) => ({ source: String(row["source"]), id: String(row["source_id"]) }))
    .filter((other) => other.source !== entry.source || other.id !== entry.id);
  if (others.length === 0)
    throw new TesseraError("not-found", phrase`${entryText(entry)} is one with nobody`, { place: entryText(entry) });
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
