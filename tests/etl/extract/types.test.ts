import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defineJob, env, mysql, postgres, sqlite, type JobSpec } from "../../../etl/index.ts";
import { PACKAGE } from "../../api/cli/_cli.ts";
import { makeCompany, type Company } from "../_company.ts";
import { NO_MARIADB, startMariadb, type TestMysql } from "../_mysql.ts";
import { startPostgres, type TestPostgres } from "../_postgres.ts";

const text = readFileSync(join(PACKAGE, "etl/declare/sources/README.md"), "utf8");
/** The documented pairs of a source's part. */
const documented = (heading: string): [string, string][] =>
  [
    ...text
      .split(`## ${heading}\n`)[1]!
      .split("\n## ")[0]!
      .matchAll(/^\| ([^|]+) \| ([A-Z][^|]*) \|/gm),
  ].map((match) => [match[1]!, match[2]!]);
const columns = (pairs: readonly [string, string][]): string => pairs.map(([type], i) => `c${i} ${type}`).join(", ");

let company: Company;
let postgresql: TestPostgres;
let mariadb: TestMysql | undefined;
beforeAll(async () => {
  postgresql = await startPostgres();
  if (NO_MARIADB === undefined) mariadb = await startMariadb();
});
afterAll(async () => {
  await postgresql?.stop();
  await mariadb?.stop();
});
beforeEach(() => {
  company = makeCompany();
});
afterEach(() => company.remove());

async function expectDocumented(
  pairs: readonly [string, string][],
  source: JobSpec["source"],
  environment: Record<string, string> = {},
): Promise<void> {
  await company.load([defineJob({ name: "t", source, extract: { table: "t" }, into: { table: "t" } } as JobSpec)], {
    environment,
  });
  const found = new Map(
    (await company.rows("select column_name, data_type from duckdb_columns() where table_name = 't'")) as [
      string,
      string,
    ][],
  );
  expect(pairs.map(([type], i) => [type, found.get(`c${i}`)])).toEqual(pairs);
}

describe("the documented type is the loaded type", () => {
  it("of PostgreSQL", async () => {
    const pairs = documented("PostgreSQL");
    expect(pairs.length).toBeGreaterThan(20);
    await postgresql.query("drop table if exists t", `create table t (${columns(pairs)})`);
    await expectDocumented(pairs, postgres({ name: "p", url: env("URL") }), { URL: postgresql.url });
  });

  it.skipIf(NO_MARIADB !== undefined)(`of MySQL${NO_MARIADB === undefined ? "" : `: ${NO_MARIADB}`}`, async () => {
    const pairs = documented("MySQL and MariaDB").filter(([type]) => type !== "MySQL");
    expect(pairs.length).toBeGreaterThan(20);
    await mariadb!.query(
      "drop table if exists t",
      `create table t (${columns(pairs).replace(/(c\d+ timestamp)\b(?!\()/g, "$1 null")})`,
    );
    await expectDocumented(pairs, mysql({ name: "m", url: env("URL") }), { URL: mariadb!.url });
  });

  it("of SQLite", async () => {
    const pairs = documented("SQLite");
    expect(pairs.length).toBeGreaterThan(8);
    company.sql(`create table t (${columns(pairs)})`);
    await expectDocumented(pairs, sqlite({ name: "s", path: "./shop.sqlite" }));
  });
});
