/** Assigns entries of a list to people: by territory, by load, by score. */
import type { Row, Value } from "../../engine/model/query.ts";
import type { ListAssignment } from "../declare/destination.ts";

/**
 * Assigns the rows of a list.
 * @param open entries that each person already has
 * @returns the person for each row; null for an unassigned one
 */
export function assign(
  rows: readonly Row[],
  rule: ListAssignment | undefined,
  open: ReadonlyMap<string, number>,
): readonly (string | null)[] {
  if (rule === undefined) return rows.map(() => null);
  const most = rule.most ?? Number.POSITIVE_INFINITY;
  const given = new Map<string, number>();
  const total = (person: string): number => (open.get(person) ?? 0) + (given.get(person) ?? 0);
  const give = (people: readonly string[]): string | null => {
    const free = people.filter((person) => (given.get(person) ?? 0) < most);
    if (free.length === 0) return null;
    const least = free.reduce((best, person) => (total(person) < total(best) ? person : best));
    given.set(least, (given.get(least) ?? 0) + 1);
    return least;
  };
  if (rule.by === "load") return rows.map(() => give(rule.people));
  if (rule.by === "territory")
    return rows.map((row) => give(rule.people[String(row[rule.member] ?? "")] ?? rule.otherwise ?? []));
  // the best part of the list goes to the first person, the next part to the second
  const order = rows
    .map((row, position) => ({ position, score: amount(row[rule.member]) }))
    .sort((a, b) => b.score - a.score || a.position - b.position);
  const part = Math.min(most, Math.ceil(rows.length / Math.max(1, rule.people.length)));
  const assigned: (string | null)[] = rows.map(() => null);
  for (const [rank, { position }] of order.entries())
    assigned[position] = rule.people[Math.floor(rank / Math.max(1, part))] ?? null;
  return assigned;
}

const amount = (value: Value | undefined): number =>
  value === null || value === undefined ? Number.NEGATIVE_INFINITY : Number(value);
