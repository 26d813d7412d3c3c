import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openForWriting, type Writer } from "../../../engine/warehouse/index.ts";
import { mergeVersions, type VersionsResult } from "../../../etl/load/scd2.ts";

let folder: string;
let writer: Writer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tessera-history-"));
  writer = await openForWriting(
    { warehouse: join(folder, "w.duckdb"), scratch: join(folder, "s.duckdb") },
    { tempDirectory: join(folder, "temp"), threads: 1 },
  );
});
afterAll(async () => {
  await writer.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await writer.connection.run("DROP TABLE IF EXISTS member");
});

interface Row {
  readonly key: number;
  readonly city: string;
  readonly email: string;
  readonly since?: string;
}

const columns = [
  ["key", "INTEGER"],
  ["city", "VARCHAR"],
  ["email", "VARCHAR"],
  ["since", "TIMESTAMP"],
] as const;

async function merge(rows: readonly Row[], at: string, dated: boolean): Promise<VersionsResult> {
  const used = columns.filter(([name]) => dated || name !== "since");
  await writer.connection.run(
    `CREATE OR REPLACE TABLE scratch.incoming (${used.map(([name, type]) => `${name} ${type}`).join(", ")})`,
  );
  for (const row of rows)
    await writer.connection.run(`INSERT INTO scratch.incoming VALUES ($1, $2, $3${dated ? ", $4::TIMESTAMP" : ""})`, [
      row.key,
      row.city,
      row.email,
      ...(dated ? [row.since!] : []),
    ]);
  return mergeVersions(writer.connection, {
    table: "member",
    rows: "scratch.incoming",
    key: ["key"],
    tracked: ["city"],
    columns: used.map(([name, type]) => ({ name, type, declared: true })),
    version: "member_version",
    at: new Date(at),
    ...(dated && { validFrom: "since" }),
  });
}

const read = async (sql: string): Promise<unknown[][]> => (await writer.connection.runAndReadAll(sql)).getRowsJson();
const versions = () =>
  read(
    "SELECT key, city, email, valid_from::VARCHAR, valid_until::VARCHAR, member_version FROM member ORDER BY key, valid_from",
  );
const summary = ({ added, updated, unchanged }: VersionsResult) => ({ added, updated, unchanged });

/** Intervals of a key follow one another without overlap or gap, from for ever to open; versions are numbered once. */
async function expectSound(): Promise<void> {
  const broken = await read(`
    SELECT key FROM (SELECT *, lead(valid_from) OVER w AS next, row_number() OVER w AS n, count(*) OVER (PARTITION BY key) AS all_versions FROM member WINDOW w AS (PARTITION BY key ORDER BY valid_from))
    WHERE valid_until IS DISTINCT FROM next OR (n = 1 AND valid_from <> TIMESTAMP '0001-01-01') OR (valid_until IS NOT NULL AND valid_until <= valid_from)`);
  expect(broken).toEqual([]);
  expect(
    await read(
      "SELECT count(*) - count(DISTINCT member_version), count(*) FILTER (member_version IS NULL) FROM member",
    ),
  ).toEqual([["0", "0"]]);
}

describe("a member's versions", () => {
  it("begin in year 1, change at the load, and have columns that are not tracked corrected in every one", async () => {
    expect(
      summary(
        await merge(
          [
            { key: 1, city: "Ulm", email: "a" },
            { key: 2, city: "Bonn", email: "b" },
          ],
          "2024-01-01T00:00:00Z",
          false,
        ),
      ),
    ).toEqual({ added: 2, updated: 0, unchanged: 0 });
    expect(
      summary(
        await merge(
          [
            { key: 1, city: "Kiel", email: "A" },
            { key: 2, city: "Bonn", email: "B" },
          ],
          "2024-02-01T00:00:00Z",
          false,
        ),
      ),
    ).toEqual({ added: 1, updated: 1, unchanged: 0 });
    expect(await versions()).toEqual([
      [1, "Ulm", "A", "0001-01-01 00:00:00", "2024-02-01 00:00:00", "1"],
      [1, "Kiel", "A", "2024-02-01 00:00:00", null, "3"],
      [2, "Bonn", "B", "0001-01-01 00:00:00", null, "2"],
    ]);
    expect(
      summary(
        await merge(
          [
            { key: 1, city: "Kiel", email: "A" },
            { key: 2, city: "Bonn", email: "B" },
          ],
          "2024-03-01T00:00:00Z",
          false,
        ),
      ),
    ).toEqual({ added: 0, updated: 0, unchanged: 2 });
    await expectSound();
  });

  it("continue when the clock goes back", async () => {
    await merge([{ key: 1, city: "Ulm", email: "a" }], "2024-02-01T00:00:00Z", false);
    await merge([{ key: 1, city: "Kiel", email: "a" }], "2024-01-01T00:00:00Z", false);
    expect((await versions()).map((row) => [row[1], row[4] === null])).toEqual([
      ["Ulm", false],
      ["Kiel", true],
    ]);
    await expectSound();
  });

  it("include a late row in its place, and keep their numbers", async () => {
    await merge(
      [
        { key: 1, city: "Ulm", email: "a", since: "2024-01-01" },
        { key: 1, city: "Kiel", email: "a", since: "2024-03-01" },
      ],
      "2024-04-01T00:00:00Z",
      true,
    );
    expect(
      summary(await merge([{ key: 1, city: "Bonn", email: "old", since: "2024-02-01" }], "2024-04-02T00:00:00Z", true)),
    ).toEqual({ added: 1, updated: 0, unchanged: 0 });
    expect(await versions()).toEqual([
      [1, "Ulm", "a", "0001-01-01 00:00:00", "2024-02-01 00:00:00", "1"],
      [1, "Bonn", "a", "2024-02-01 00:00:00", "2024-03-01 00:00:00", "3"],
      [1, "Kiel", "a", "2024-03-01 00:00:00", null, "2"],
    ]);
    expect(
      summary(await merge([{ key: 1, city: "Hof", email: "a", since: "2023-01-01" }], "2024-04-03T00:00:00Z", true)),
    ).toMatchObject({ added: 1 });
    expect((await versions())[0]).toEqual([1, "Hof", "a", "0001-01-01 00:00:00", "2024-01-01 00:00:00", "4"]);
    await expectSound();
  });

  it("F10: have no overlap and no gap, whatever rows come in whatever order, and a second delivery changes nothing", async () => {
    const row = fc.record({
      key: fc.integer({ min: 1, max: 3 }),
      city: fc.constantFrom("Ulm", "Kiel", "Bonn"),
      email: fc.constantFrom("a", "b"),
      day: fc.integer({ min: 1, max: 9 }),
    });
    const batch = fc.uniqueArray(row, { minLength: 1, maxLength: 6, selector: ({ key, day }) => `${key}/${day}` });
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 4 }), fc.boolean(), async (batches, dated) => {
        await writer.connection.run("DROP TABLE IF EXISTS member");
        for (const [i, each] of batches.entries()) {
          const rows = each.map(({ key, city, email, day }) => ({ key, city, email, since: `2024-01-0${day}` }));
          const once = dated ? rows : [...new Map(rows.map((one) => [one.key, one])).values()];
          const at = `2024-02-0${i + 1}T00:00:00Z`;
          const result = await merge(once, at, dated);
          expect(result.added + result.updated + result.unchanged).toBe(once.length);
          await expectSound();
          const before = await versions();
          expect(await merge(once, at, dated)).toMatchObject({ added: 0 });
          expect(await versions()).toEqual(before);
          if (!dated)
            for (const { key, city } of once)
              expect(await read(`SELECT city FROM member WHERE key = ${key} AND valid_until IS NULL`)).toEqual([
                [city],
              ]);
        }
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});
