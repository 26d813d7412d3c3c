/** What people decided about pairs of entries: kept in the state, applied by every load. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { State } from "../../engine/warehouse/index.ts";

export interface EntryId {
  readonly source: string;
  readonly id: string;
}

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

/** In the order of the entries, so that the same decisions read the same. */
export const decisionsOf = (state: State, match: string): readonly IdentityDecision[] =>
  (
    state
      .prepare(
        "SELECT left_source, left_id, right_source, right_id, decision FROM identity_decisions WHERE match = ? ORDER BY 1, 2, 3, 4",
      )
      .all(match) as DecisionRow[]
  ).map((row) => ({
    left: { source: row.left_source, id: row.left_id },
    right: { source: row.right_source, id: row.right_id },
    decision: row.decision,
  }));

const before = (a: EntryId, b: EntryId): boolean => a.source < b.source || (a.source === b.source && a.id <= b.id);

/** Decides a pair; the last decision on it counts. The next load applies it. */
export function decide(
  state: State,
  match: string,
  { left, right, decision }: IdentityDecision,
  by: string,
  at: Date,
): void {
  if (left.source === right.source && left.id === right.id)
    throw new TesseraError("bad-request", "an entry is itself", { place: entryText(left) });
  const [a, b] = before(left, right) ? [left, right] : [right, left];
  state
    .prepare(
      "INSERT OR REPLACE INTO identity_decisions (match, left_source, left_id, right_source, right_id, decision, decided_at, decided_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .run(match, a.source, a.id, b.source, b.id, decision, at.toISOString(), by);
}

export const entryText = (entry: EntryId): string => `${entry.source}:${entry.id}`;

/** `erp:C000123` as an entry. @throws TesseraError `usage` */
export function parseEntry(text: string): EntryId {
  const at = text.indexOf(":");
  if (at < 1 || at === text.length - 1)
    throw new TesseraError("usage", phrase`"${text.slice(0, 100)}" names no entry`, {
      remedy: "write the source and its number, as erp:C000123",
    });
  return { source: text.slice(0, at), id: text.slice(at + 1) };
}

/** `erp:C000123~shop:U000007` names a pair in addresses and on the command line; `~` within a number stands as `%7E`. */
export const pairId = (left: EntryId, right: EntryId): string =>
  [left, right]
    .map((each) =>
      encodeURIComponent(entryText(each)).replaceAll("%3A", ":").replaceAll("%40", "@").replaceAll("~", "%7E"),
    )
    .join("~");

/** @throws TesseraError `usage` */
export function parsePair(text: string): { readonly left: EntryId; readonly right: EntryId } {
  const parts = text.split("~");
  if (parts.length !== 2)
    throw new TesseraError("usage", phrase`"${text.slice(0, 200)}" names no pair`, {
      remedy: "write both entries, as erp:C000123~shop:U000007",
    });
  const [left, right] = parts.map((part) => {
    try {
      return parseEntry(decodeURIComponent(part));
    } catch (error) {
      throw error instanceof TesseraError
        ? error
        : new TesseraError("usage", phrase`"${part.slice(0, 100)}" cannot be read`, {
            remedy: "write both entries, as erp:C000123~shop:U000007",
          });
    }
  });
  return { left: left!, right: right! };
}
