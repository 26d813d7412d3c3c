/** How long resolving identities takes: `npx tsx tests/bench/match.bench.ts [records]`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openForWriting } from "../../engine/warehouse/index.ts";
import { buildMatch } from "../../etl/match/build-match.ts";

const records = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), "tessera-match-"));
const writer = await openForWriting(
  { warehouse: join(folder, "main.duckdb"), scratch: ":memory:" },
  { tempDirectory: join(folder, "temp"), memoryLimit: "2GB" },
);
const { connection } = writer;
// three of four records are people of their own, the fourth is somebody again: same mail, same phone, or only the name with a slip and the address
const LETTERS =
  "list_aggregate(list_transform(range(3 + (hash(P, S) % 5)::INTEGER), lambda i: substr('bcdfghklmnprstvw', 1 + (hash(P, S, i) % 16)::INTEGER, 1) || substr('aeiou', 1 + (hash(P, i, S) % 5)::INTEGER, 1)), 'string_agg', '')";
const word = (salt: string, of: string): string => LETTERS.replaceAll("P", of).replaceAll("S", `'${salt}'`);
await connection.run(`CREATE TABLE warehouse.people AS
  WITH who AS (SELECT i, CASE WHEN i % 4 = 3 THEN i - 3 ELSE i END AS p, i % 12 AS how FROM range(${records}) AS r(i))
  SELECT i, p, CASE WHEN i % 4 = 3 THEN 'web' ELSE 'erp' END AS source, CAST(i AS VARCHAR) AS source_id,
    CASE WHEN how = 3 OR i % 4 < 3 THEN 'p' || p || '@example.com' END AS mail,
    CASE WHEN how = 7 OR i % 4 < 3 THEN '+49171' || lpad(CAST(p AS VARCHAR), 8, '0') END AS tel,
    ${word("f", "p % 3001")} || ' ' || ${word("l", "(p * 31) % 20011")} || CASE WHEN how = 11 THEN 'x' ELSE '' END AS called,
    ${word("s", "p % 9001")} || 'straße ' || (p % 97) AS street, CAST(10000 + hash(p) % 30000 AS VARCHAR) AS postcode
  FROM who`);
const started = performance.now();
const report = await buildMatch(
  connection,
  "who",
  {
    sources: ["erp", "web"],
    fields: {
      mail: { kind: "email" },
      tel: { kind: "phone", country: "'DE'" },
      called: { kind: "name" },
      street: { kind: "address" },
      postcode: { kind: "text" },
    },
    keys: ["mail", ["tel", "called"]],
    compare: ["called", "street", "postcode"],
    must: ["called"],
    blocks: [
      ["postcode", "called:3"],
      ["street", "postcode"],
    ],
  },
  "SELECT source, source_id, mail, tel, called, street, postcode FROM warehouse.people",
  [],
  [],
);
const seconds = (performance.now() - started) / 1000;
const [[both, found, there]] = (
  await connection.runAndReadAll(
    `WITH m AS (SELECT p, customer_id AS c FROM who JOIN people USING (source, source_id)), n AS (SELECT sum(n * (n - 1) / 2) AS pairs FROM (SELECT count(*) AS n FROM m GROUP BY p, c)), f AS (SELECT sum(n * (n - 1) / 2) AS pairs FROM (SELECT count(*) AS n FROM m GROUP BY c)), t AS (SELECT sum(n * (n - 1) / 2) AS pairs FROM (SELECT count(*) AS n FROM m GROUP BY p)) SELECT n.pairs, f.pairs, t.pairs FROM n, f, t`,
  )
).getRowsJson() as [[number, number, number]];
console.log(
  JSON.stringify({
    records,
    seconds: Number(seconds.toFixed(1)),
    megabytes: Math.round(process.memoryUsage().rss / 1e6),
    precision: both / found,
    recall: both / there,
    ...report,
  }),
);
await writer.close();
rmSync(folder, { recursive: true, force: true });
