import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { between, defineJob, notNull, sqlite, unique } from "../../../etl/index.ts";
import { qualityOf, type JobRun } from "../../../etl/facts/quality-facts.ts";
import { makeCompany, type Company } from "../_company.ts";

const check = (name: string, found: number) => ({ check: name, passed: found === 0, warn: true, found, examples: [] });
const run = (more: Partial<JobRun>): JobRun => ({
  read: 100,
  written: 90,
  unchanged: 5,
  deleted: 2,
  rejected: 3,
  checks: [],
  since: null,
  within: null,
  ...more,
});

describe("quality of a run", () => {
  it("counts each aspect for which the run has figures", () => {
    expect(qualityOf(run({}))).toEqual([
      { aspect: "validity", passed: 97, of: 100 },
      { aspect: "reconciliation", passed: 100, of: 100 },
    ]);
    expect(
      qualityOf(
        run({
          checks: [
            check("notNull(a)", 4),
            check("notNull(b)", 7),
            check("unique(id)", 2),
            check("between(a, 0, 1)", 1),
          ],
          since: 30,
          within: 20,
        }),
      ),
    ).toEqual([
      { aspect: "completeness", passed: 93, of: 100 },
      { aspect: "validity", passed: 96, of: 100 },
      { aspect: "uniqueness", passed: 98, of: 100 },
      { aspect: "reconciliation", passed: 100, of: 100 },
      { aspect: "timeliness", passed: 0, of: 1 },
    ]);
  });
  it("counts no rows where none were read, and never a negative number", () => {
    expect(
      qualityOf(run({ read: 0, written: 0, unchanged: 0, deleted: 0, rejected: 0, checks: [check("notNull(a)", 4)] })),
    ).toEqual([]);
    expect(
      qualityOf(
        run({ read: 2, written: 2, unchanged: 0, deleted: 0, rejected: 0, checks: [check("notNull(a)", 40)] }),
      )[0],
    ).toEqual({ aspect: "completeness", passed: 0, of: 2 });
  });
});

describe("the scorecard", () => {
  let company: Company;
  beforeEach(() => {
    company = makeCompany();
    company.sql(
      "CREATE TABLE things (id INTEGER, name TEXT, amount TEXT)",
      "INSERT INTO things VALUES (1, 'a', '5'), (2, NULL, '6'), (3, 'c', 'seven'), (4, 'd', '8')",
    );
  });
  afterEach(() => company.remove());

  it("is a table of the version with one row for each run", async () => {
    const things = defineJob({
      name: "things",
      source: sqlite({ name: "shop", path: "shop.sqlite" }),
      extract: { table: "things" },
      columns: { id: "integer", name: "varchar", amount: "integer" },
      checks: [notNull("name", { warn: true }), unique("id"), between("amount", 0, 100)],
      onReject: { quarantine: true, failAbove: "60%" },
      into: { table: "things", mode: "replace" },
      freshWithin: { hours: 1 },
    });
    await company.load([things], { now: () => new Date("2026-01-01T00:00:00Z") });
    company.sql("UPDATE things SET name = 'b', amount = '7'");
    await company.load([things], { now: () => new Date("2026-01-01T00:30:00Z") });
    const rows = await company.rows(
      "SELECT aspect, list(passed || '/' || of_rows ORDER BY loaded_at)::VARCHAR FROM tessera_quality WHERE job = 'things' GROUP BY aspect ORDER BY aspect",
    );
    expect(Object.fromEntries(rows as [string, string][])).toMatchObject({
      reconciliation: "[4/4, 4/4]",
      uniqueness: "[4/4, 4/4]",
      timeliness: "[1/1]",
    });
    expect(Object.fromEntries(rows as [string, string][])["validity"]).toMatch(/^\[[23]\/4, 4\/4\]$/);
  });
});
