/** A result with the members of some dimensions as columns: the form of grids, CSV and Excel. */
import type { Column, Result, Row, Value } from "../../model/query.ts";

/** More columns than a reader or a sheet takes. */
const MOST_COLUMNS = 2000;

/**
 * A result with the members of `columns` side by side. Rows keep the other dimensions; each pivoted member has a column
 * for each measure, named `member|measure`, in the members' own order. A cell without a row is null, never 0. Totals
 * and others have no place in such a grid and are left out.
 */
export function pivot(result: Result, columns: readonly string[]): Result {
  const across = columns.flatMap((name) => {
    const column = result.columns.find(
      (c) => (c.name === name || (!name.includes(".") && c.name.startsWith(`${name}.`))) && c.kind === "dimension",
    );
    return column ? [column] : [];
  });
  if (across.length === 0) return result;
  const down = result.columns.filter((c) => c.kind === "dimension" && !across.includes(c));
  const measures = result.columns.filter((c) => c.kind === "measure");
  const keyOf = (row: Row, of: readonly Column[]): string => JSON.stringify(of.map((c) => row[c.name] ?? null));
  const heads = new Map<string, readonly Value[]>();
  const rows = new Map<string, Record<string, Value>>();
  for (const row of result.rows) {
    const head = keyOf(row, across);
    if (!heads.has(head))
      heads.set(
        head,
        across.map((c) => row[c.name] ?? null),
      );
    const key = keyOf(row, down);
    const out = rows.get(key) ?? Object.fromEntries(down.map((c) => [c.name, row[c.name] ?? null]));
    rows.set(key, out);
    for (const m of measures) out[`${head}|${m.name}`] = row[m.name] ?? null;
  }
  if (heads.size * measures.length > MOST_COLUMNS) return result;
  const sorted = [...heads].sort(([, a], [, b]) => compare(a, b));
  const title = (values: readonly Value[]): string =>
    across
      .map(({ level }, i) => {
        const value = values[i] ?? null;
        return value === null ? "(unknown)" : period(String(value), level);
      })
      .join(" · ");
  const made = sorted.flatMap(([head, values]) =>
    measures.map(
      (m): Column => ({
        ...m,
        name: `${head}|${m.name}`,
        title: measures.length === 1 ? title(values) : `${title(values)} · ${m.title}`,
      }),
    ),
  );
  const { totals: _, others: __, ...rest } = result;
  return {
    ...rest,
    columns: [...down, ...made],
    rows: [...rows.values()].map((row) =>
      Object.fromEntries([
        ...down.map((c) => [c.name, row[c.name] ?? null] as const),
        ...made.map((c) => [c.name, row[c.name] ?? null] as const),
      ]),
    ),
  };
}

/** A period as people write it: `2025-07-01` at the month level is 2025-07. */
function period(iso: string, level: string | undefined): string {
  if (!/^\d{4}-\d{2}-\d{2}/.test(iso)) return iso;
  if (level === "year") return iso.slice(0, 4);
  if (level === "quarter") return `${iso.slice(0, 4)}-Q${Math.ceil(Number(iso.slice(5, 7)) / 3)}`;
  return level === "month" ? iso.slice(0, 7) : iso;
}

/** Compares tuples of members; null comes last. */
function compare(a: readonly Value[], b: readonly Value[]): number {
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? null;
    if (x === y) continue;
    if (x === null) return 1;
    if (y === null) return -1;
    if (typeof x === "number" && typeof y === "number") return x - y;
    return String(x) < String(y) ? -1 : 1;
  }
  return 0;
}
