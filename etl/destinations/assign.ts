/** Entries to people: by territory, by what they have to do already, by score. */
import type { Row, Value } from "../../engine/model/query.ts";
import type { ListAssignment } from "../declare/destination.ts";

/**
 * @param open entries that people have already
 * @returns for each row who works on it; null for what is nobody's
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
  // the best part of the list to the first of the people, the next part to the second
  const order = rows
    .map((_, i) => i)
    .sort((a, b) => amount(rows[b]![rule.member]) - amount(rows[a]![rule.member]) || a - b);
  const part = Math.min(most, Math.ceil(rows.length / Math.max(1, rule.people.length)));
  const answer: (string | null)[] = rows.map(() => null);
  order.forEach((at, rank) => {
    answer[at] = rule.people[Math.floor(rank / Math.max(1, part))] ?? null;
  });
  return answer;
}

const amount = (value: Value | undefined): number =>
  typeof value === "number" ? value : value === null || value === undefined ? Number.NEGATIVE_INFINITY : Number(value);
