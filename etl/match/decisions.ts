/** Decisions of people on pairs of entries: kept in the state, applied by every load. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { State } from "../../engine/warehouse/index.ts";

/** An entry of a source. */
export interface EntryId {
  /** name of the source */
  readonly source: string;
  readonly id: string;
}

/** Whether two entries are one person or company. */
export interface IdentityDecision {
  readonly left: EntryId;
  readonly right: EntryId;
  readonly decision: "same" | "apart";
}

interface DecisionRow {
  readonly left_source: string;
  readonly left_id: string;
  readonly right_source: string;
  readonly right_id: string;
  readonly decision: "same" | "apart";
}

/** The decisions on a match, ordered by entry. */
export const decisionsOf = (state: State, match: string): readonly IdentityDecision[] =>
  (
    state
      .prepare(
        `SELECT left_source, left_id, right_source, right_id, decision FROM identity_decisions
         WHERE match = ? ORDER BY 1, 2, 3, 4`,
      )
      .all(match) as DecisionRow[]
  ).map((row) => ({
    left: { source: row.left_source, id: row.left_id },
    right: { source: row.right_source, id: row.right_id },
    decision: row.decision,
  }));

const before = (a: EntryId, b: EntryId): boolean => a.source < b.source || (a.source === b.source && a.id <= b.id);

/**
 * Records a decision on a pair, in place of an earlier one; the next load applies it.
 * @throws TesseraError `bad-request` for an entry with itself
 */
export function decide(
  state: State,
  match: string,
  { left, right, decision }: IdentityDecision,
  by: string,
  at: Date,
): void {
  if (left.source === right.source && left.id === right.id)
    throw new TesseraError("bad-request", "a pair needs two different entries", { place: entryText(left) });
  const [a, b] = before(left, right) ? [left, right] : [right, left];
  state
    .prepare(
      `INSERT OR REPLACE INTO identity_decisions
       (match, left_source, left_id, right_source, right_id, decision, decided_at, decided_by)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(match, a.source, a.id, b.source, b.id, decision, at.toISOString(), by);
}

/** `source:id`, for example `erp:C000123`. */
export const entryText = (entry: EntryId): string => `${entry.source}:${entry.id}`;

/** The entry that a text names. @throws TesseraError `usage` @example parseEntry("erp:C000123") */
export function parseEntry(text: string): EntryId {
  const at = text.indexOf(":");
  if (at < 1 || at === text.length - 1)
    throw new TesseraError("usage", phrase`invalid entry "${text.slice(0, 100)}"`, {
      remedy: "write the source and its number, for example erp:C000123",
    });
  return { source: text.slice(0, at), id: text.slice(at + 1) };
}

/** A pair as a text for addresses and the command line: `erp:C000123~shop:U000007`, with `%7E` for `~` in a number. */
export const pairId = (left: EntryId, right: EntryId): string =>
  [left, right]
    .map((each) =>
      encodeURIComponent(entryText(each)).replaceAll("%3A", ":").replaceAll("%40", "@").replaceAll("~", "%7E"),
    )
    .join("~");

/** The pair that a text names. @throws TesseraError `usage` */
export function parsePair(text: string): { readonly left: EntryId; readonly right: EntryId } {
  const [left, right, ...more] = text.split("~");
  if (left === undefined || right === undefined || more.length > 0) throw invalidPair(text);
  return { left: parsePart(left), right: parsePart(right) };
}

function parsePart(text: string): EntryId {
  try {
    return parseEntry(decodeURIComponent(text));
  } catch (error) {
    throw error instanceof TesseraError ? error : invalidPair(text);
  }
}

const invalidPair = (text: string): TesseraError =>
  new TesseraError("usage", phrase`invalid pair "${text.slice(0, 200)}"`, {
    remedy: "write both entries, for example erp:C000123~shop:U000007",
  });
