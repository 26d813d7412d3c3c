/**
 * One folder a case: `query.json`, the statements it comes to (`expected.sql`), its rows (`expected.csv`), and where someone has
 * written one, a plain statement for the same rows (`check.sql`). `TESSERA_GOLDEN=update` writes the expected files anew;
 * rows that disagree with `check.sql` are refused in either case.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Value } from "../../../engine/model/query.ts";
import {
  coverageOf,
  difference,
  DIMENSIONS,
  fromCsv,
  gridOf,
  MEASURES,
  openGolden,
  OPERATIONS,
  readCases,
  toCsv,
  type GoldenShop,
} from "./_golden.ts";

const UPDATE = process.env["TESSERA_GOLDEN"] === "update";
const cases = readCases();
let shop: GoldenShop;
beforeAll(async () => {
  shop = await openGolden();
});
afterAll(() => shop.close());

const squeezed = (sql: string): string => sql.replaceAll(/\s+/g, " ").trim();
const sorted = (rows: readonly (readonly Value[])[]): readonly (readonly Value[])[] =>
  [...rows].sort((a, b) => (order(a) < order(b) ? -1 : 1));
const order = (row: readonly Value[]): string =>
  JSON.stringify(row.map((v) => (typeof v === "number" ? Number(v.toPrecision(9)) : v)));

test.each(cases)("golden: $name", async ({ folder, query, sql, csv, check }) => {
  const { result, statements } = await shop.ask(query);
  const rows = fromCsv(toCsv(result));
  if (check !== null) {
    expect(difference(sorted(rows), sorted(await shop.rows(check))), "the rows differ from check.sql").toBeNull();
  }
  if (UPDATE) {
    writeFileSync(join(folder, "expected.sql"), statements);
    writeFileSync(join(folder, "expected.csv"), toCsv(result));
    return;
  }
  expect(csv !== null && sql !== null, "run once with TESSERA_GOLDEN=update").toBe(true);
  expect(toCsv(result).split("\n")[0]).toBe(csv!.split("\n")[0]);
  expect(difference(rows, fromCsv(csv!))).toBeNull();
  expect(squeezed(statements)).toBe(squeezed(sql!));
});

test("golden cases cover every operation, every kind of measure and every kind of dimension", () => {
  const covered = cases.map(({ query }) => coverageOf(query, shop.engine));
  const grids = [
    gridOf(covered, "operations", OPERATIONS, "measures", MEASURES),
    gridOf(covered, "operations", OPERATIONS, "dimensions", DIMENSIONS),
    gridOf(covered, "measures", MEASURES, "dimensions", DIMENSIONS),
  ];
  process.stdout.write(
    `${grids.map((grid) => grid.text).join("\n\n")}\n${cases.length} cases, ${cases.filter((c) => c.check !== null).length} of them checked by hand-written SQL; holes: ${grids.map((grid) => `${grid.holes} of ${grid.cells}`).join(", ")}\n`,
  );
  expect(cases.length).toBeGreaterThanOrEqual(40);
  expect(cases.filter((c) => c.check !== null).length).toBeGreaterThan(cases.length / 3);
  for (const [side, names] of [
    ["operations", OPERATIONS],
    ["measures", MEASURES],
    ["dimensions", DIMENSIONS],
  ] as const)
    expect(names.filter((name) => !covered.some((c) => c[side].includes(name)))).toEqual([]);
});
