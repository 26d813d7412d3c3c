import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { connect, dataPath, hasData } from "./_data.ts";

test.skipIf(!hasData)(
  "CDNOW raw: 69,659 transactions, 23,570 customers, $2,500,315.63; a day's purchases are one, and the " +
    "published tenth's histories are among them (data folder needed)",
  async () => {
    const connection = await connect();
    const lines = readFileSync(dataPath("cdnow_master.txt"), "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((parts) => /^\d{5}$/.test(parts[0] ?? ""));
    await connection.run("CREATE TABLE raw (id VARCHAR, day VARCHAR, amount VARCHAR)");
    const rows = await connection.createAppender("raw");
    for (const [id, day, , amount] of lines) {
      rows.appendVarchar(id!);
      rows.appendVarchar(day!);
      rows.appendVarchar(amount!);
      rows.endRow();
    }
    rows.closeSync();
    const [whole] = (
      await connection.runAndReadAll(
        "SELECT count(*)::INTEGER, count(DISTINCT id)::INTEGER, sum(amount::DECIMAL(12, 2))::VARCHAR FROM raw",
      )
    ).getRows();
    expect(whole).toEqual([69_659, 23_570, "2500315.63"]);
    const found = await connection.runAndReadAll(`
    WITH days AS (SELECT DISTINCT id, strptime(day, '%Y%m%d')::DATE AS day FROM raw), own AS (SELECT count(*) - 1 AS x, round(date_diff('day', min(day), max(day)) / 7.0, 2) AS tx, round(date_diff('day', min(day), DATE '1997-09-30') / 7.0, 2) AS t FROM days WHERE day <= DATE '1997-09-30' GROUP BY id),
      published AS (SELECT x::INTEGER AS x, round(t_x::DOUBLE, 2) AS tx, round("T"::DOUBLE, 2) AS t FROM read_csv('${dataPath("cdnow_summary.csv")}'))
    SELECT (SELECT count(*)::INTEGER FROM published), (SELECT sum(least(p.n, coalesce(o.n, 0)))::INTEGER FROM (SELECT x, tx, t, count(*) AS n FROM published GROUP BY ALL) AS p LEFT JOIN (SELECT x, tx, t, count(*) AS n FROM own GROUP BY ALL) AS o USING (x, tx, t))`);
    expect(found.getRows()[0]).toEqual([2357, 2357]);
  },
);
