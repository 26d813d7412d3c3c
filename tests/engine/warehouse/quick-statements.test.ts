/** Statements over rollups alone are answered by one thread over their file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MAIN, makeWorkFolder, openForWriting, publishVersion } from "../../../engine/warehouse/index.ts";
import { openServing, type Serving } from "../../../engine/warehouse/serving.ts";

let folder: string;
let serving: Serving;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tessera-quick-"));
  const work = makeWorkFolder(folder, "r1");
  const file = async (name: string, ...statements: string[]): Promise<string> => {
    const path = join(work, `${name}.duckdb`);
    const writer = await openForWriting({ [name]: path }, { tempDirectory: join(work, "temp") });
    await writer.connection.run(`USE "${name}"`);
    for (const statement of statements) await writer.connection.run(statement);
    await writer.connection.run("USE memory");
    await writer.close();
    return path;
  };
  const main = await file("main_", "create table sales as select i as sale, i % 7 as shop from range(1000) t(i)");
  const rollups = await file(
    "rollups",
    "create table rollup_shops as select i as k0, 140 + i as m0 from range(7) t(i)",
    // every text twice: one that is none, one without letters, long ones, and letters whose order is not that of UTF-16
    `create table rollup_words as select w as k0, i as m0, 'only ' || w || i as k1 from (select unnest([null, '', 'b', 'a much longer text than twelve bytes', 'ä', 'Z', '\u{1F600}', '\u{FFEE}', 'it''s']) as w), range(2) t(i)`,
    "create table rollup_more as select w as k0, i as m0 from (select unnest(['b', 'c', 'Ä', 'another long text of other rows']) as w), range(3) t(i)",
  );
  const manifest = await publishVersion(folder, { base: null, run: "r1", files: { [MAIN]: main, rollups } });
  serving = await openServing(folder, manifest, {
    tempDirectory: join(folder, "served"),
    threads: 2,
    quick: "rollups",
  });
});
afterAll(async () => {
  await serving?.close();
  rmSync(folder, { recursive: true, force: true });
});

const one = async (sql: string, quick: boolean): Promise<unknown> =>
  (await serving.run(sql, [], { quick })).columns[0]![0];

test("the same rows come from either, with one thread or with those of the warehouse", async () => {
  for (const quick of [true, false]) expect(await one("SELECT sum(m0) FROM rollup_shops", quick)).toBe(1001);
  expect([
    await one("SELECT current_setting('threads')", true),
    await one("SELECT current_setting('threads')", false),
  ]).toEqual([1, 2]);
});

test("texts become places in a list after some questions, and answer as the texts do", async () => {
  const rows = async (
    sql: string,
    quick: boolean,
    parameters: readonly { readonly value: string; readonly type: "text" }[] = [],
  ): Promise<unknown> => (await serving.run(sql, parameters, { quick })).columns;
  for (
    let n = 0;
    n < 300 && !String(await one("SELECT typeof(k0) FROM rollup_words LIMIT 1", true)).startsWith("ENUM");
    n++
  )
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await one("SELECT typeof(k0) FROM rollup_words LIMIT 1", true)).toMatch(/^ENUM/);
  expect(await one("SELECT typeof(k1) FROM rollup_words LIMIT 1", true)).toBe("VARCHAR");
  for (const sql of [
    "SELECT cast(k0 as varchar) AS k0, sum(m0) FROM rollup_words GROUP BY rollup_words.k0 ORDER BY k0 ASC NULLS LAST",
    "SELECT cast(k0 as varchar) AS k0, sum(m0) FROM rollup_words GROUP BY rollup_words.k0 ORDER BY k0 DESC NULLS LAST LIMIT 3",
    "SELECT k0, m0 FROM rollup_words ORDER BY k0 NULLS LAST, m0",
    "SELECT count(*) FROM rollup_words WHERE k0 > 'Z' OR lower(k0) = 'z' OR contains(k0, 'longer')",
    "SELECT max(k0), min(k0), count(k0), count(DISTINCT k0) FROM rollup_words",
    "SELECT k, sum(m) FROM (SELECT k0 AS k, m0 AS m FROM rollup_words UNION ALL SELECT k0, m0 FROM rollup_more) GROUP BY ALL ORDER BY 1 NULLS LAST",
    "SELECT coalesce(k0, 'none'), sum(m0) FROM rollup_words GROUP BY ALL ORDER BY 1",
  ])
    expect(await rows(sql, true), sql).toEqual(await rows(sql, false));
  for (const value of ["ä", "it's", "nowhere", "😀", ""])
    expect(
      await rows("SELECT count(*) FROM rollup_words WHERE k0 = $1 OR k0 IN ($1, 'b')", true, [{ value, type: "text" }]),
    ).toEqual(
      await rows("SELECT count(*) FROM rollup_words WHERE k0 = $1 OR k0 IN ($1, 'b')", false, [
        { value, type: "text" },
      ]),
    );
});

test("the facts are not there, and nothing can be changed or opened", async () => {
  expect(await one("SELECT count(*) FROM sales", false)).toBe(1000);
  for (const sql of [
    "SELECT count(*) FROM sales",
    "SET threads = 2",
    `ATTACH '${"/tmp/x.duckdb"}'`,
    "INSERT INTO rollup_shops VALUES (1, 1)",
    "SELECT * FROM read_text('/etc/passwd')",
  ])
    await expect(serving.run(sql, [], { quick: true })).rejects.toThrow();
});

test("what does not fit into the little memory of one thread is answered by the others", async () => {
  expect(
    await one(
      "SELECT count(*) FROM (SELECT list(i) OVER (ORDER BY i ROWS BETWEEN 3000 PRECEDING AND CURRENT ROW) AS l FROM range(40000) t(i)) WHERE len(l) > 0",
      true,
    ),
  ).toBe(40_000);
}, 60_000);
