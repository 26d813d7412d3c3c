import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunSummary } from "../../index.ts";
import { temporaryFolder } from "../api/cli/_cli.ts";
import { startPostgres, type TestPostgres } from "../etl/_postgres.ts";
import { contents, succeed, DATA, hasLines, LINES, openSql, retailProject } from "../real/_online-retail.ts";

const ALL = 541_909;

describe.skipIf(!hasLines)(
  `Online Retail, from PostgreSQL${hasLines ? "" : ` (skipped: there is no ${LINES})`}`,
  () => {
    let server: TestPostgres;
    beforeAll(async () => {
      server = await startPostgres();
      const { folder, remove } = temporaryFolder();
      // the server reads the file under its own user
      chmodSync(folder, 0o755);
      const plain = await openSql();
      await plain.rows(`COPY (SELECT * FROM '${LINES}') TO '${join(folder, "lines.csv")}' (FORMAT csv, HEADER)`);
      plain.close();
      await server.query(
        "create schema shop",
        "create table shop.invoice_lines (invoice_no text not null, stock_code text not null, description text, quantity int not null, invoice_date timestamp not null, unit_price numeric(12,3) not null, customer_id int, country text not null)",
        `copy shop.invoice_lines from '${join(folder, "lines.csv")}' with (format csv, header)`,
      );
      remove();
    });
    afterAll(() => server?.stop());

    it("gives the same warehouse as from the file", async () => {
      const projects = [
        retailProject("files", { RETAIL_FOLDER: DATA }),
        retailProject("postgres", { ERP_URL: server.url }),
      ];
      const found: unknown[] = [];
      for (const project of projects) {
        const run = JSON.parse((await succeed(project.run("load", "--json"))).stdout) as RunSummary;
        expect(run.steps.find((step) => step.name === "lines")).toMatchObject({ read: ALL, added: ALL, rejected: 0 });
        await succeed(project.run("mine"));
        const sql = await openSql(project);
        found.push([
          ...(await contents(sql)),
          ...(await sql.rows(
            "SELECT 'labels', md5(string_agg(l::VARCHAR, chr(10) ORDER BY l::VARCHAR)) FROM l.labels_rfm AS l",
          )),
        ]);
        sql.close();
      }
      expect(found[1]).toEqual(found[0]);
      for (const project of projects) project.remove();
      for (const project of projects) expect(existsSync(project.folder)).toBe(false);
    });
  },
);
