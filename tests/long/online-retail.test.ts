import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunSummary } from "../../index.ts";
import {
  DATA,
  contents,
  succeed,
  hasLines,
  LINES,
  openSql,
  retailProject,
  type RetailProject,
  type Sql,
} from "../real/_online-retail.ts";

const WITHOUT_CUSTOMER = 135_080;
const CANCELLATIONS = 9_288;
const ALL = 541_909;

describe.skipIf(!hasLines)(`Online Retail, from its file${hasLines ? "" : ` (skipped: there is no ${LINES})`}`, () => {
  let project: RetailProject;
  let run: RunSummary;
  let sql: Sql;
  beforeAll(async () => {
    project = retailProject("files", { RETAIL_FOLDER: DATA });
    run = JSON.parse((await succeed(project.run("load", "--json"))).stdout) as RunSummary;
    await succeed(project.run("mine"));
    sql = await openSql(project);
  });
  afterAll(() => {
    sql?.close();
    project?.remove();
  });

  it("loads every line there is and drops none", async () => {
    const lines = run.steps.find((step) => step.name === "lines");
    expect(lines).toMatchObject({ read: ALL, added: ALL, unchanged: 0, deleted: 0, rejected: 0 });
    expect(
      await sql.rows(
        "SELECT (SELECT count(*) FROM w.fact_lines), (SELECT count(*) FROM w.dim_customer), (SELECT count(*) FROM w.dim_product)",
      ),
    ).toEqual([[String(ALL), "4372", "4070"]]);
    expect(await sql.rows(`SELECT count(*) FROM (SELECT * FROM w.lines EXCEPT ALL SELECT * FROM '${LINES}')`)).toEqual([
      ["0"],
    ]);
  });

  it("has the revenue of each month and country that SQL over the file has, to the penny", async () => {
    const { rows, totals, columns } = await project.ask({
      measures: ["sales.revenue", "sales.lines", "sales.invoices"],
      dimensions: ["date.month", "sales.country"],
      totals: true,
      exact: true,
      limit: 10_000,
    });
    const expected = await sql.rows(
      `SELECT date_trunc('month', invoice_date)::DATE::VARCHAR, country, sum(quantity * unit_price)::DECIMAL(38,3)::VARCHAR, count(*)::VARCHAR, count(DISTINCT invoice_no)::VARCHAR FROM '${LINES}' GROUP BY ALL ORDER BY ALL`,
    );
    expect(expected.length).toBeGreaterThan(250);
    const found = rows.map((row) => columns.map((column) => String(row[column.name])));
    expect(sorted(found)).toEqual(sorted(expected));
    const [total] = await sql.rows(
      `SELECT sum(quantity * unit_price)::DECIMAL(38,3)::VARCHAR, count(*)::VARCHAR, count(DISTINCT invoice_no)::VARCHAR FROM '${LINES}'`,
    );
    expect(
      totals!
        .filter(({ level }) => level.length === 0)
        .map(({ row }) => [row["sales.revenue"], row["sales.lines"], row["sales.invoices"]]),
    ).toEqual([total]);
  });

  it("shows the lines without a customer under (unknown)", async () => {
    const { rows, totals } = await project.ask({
      measures: ["sales.lines"],
      dimensions: ["customer.country"],
      totals: true,
    });
    expect(rows.filter((row) => row["customer.country"] === null)).toEqual([
      { "customer.country": null, "sales.lines": WITHOUT_CUSTOMER },
    ]);
    expect(totals!.find(({ level }) => level.length === 0)!.row["sales.lines"]).toBe(ALL);
    const shown = await succeed(project.run("query", '{"measures":["sales.lines"],"dimensions":["customer.country"]}'));
    expect(shown.stdout).toMatch(/^\(unknown\) +135,080$/m);
  });

  it("shows cancellations as what they are, within the totals and apart from them", async () => {
    const { rows } = await project.ask({ measures: ["sales.lines", "sales.revenue"], dimensions: ["sales.cancelled"] });
    expect(rows.map((row) => [row["sales.cancelled"], row["sales.lines"]])).toEqual([
      [false, ALL - CANCELLATIONS],
      [true, CANCELLATIONS],
    ]);
    expect(Number(rows[1]!["sales.revenue"])).toBeLessThan(-800_000);
    const without = await project.ask({
      measures: ["sales.revenue"],
      filters: [{ member: "sales.cancelled", operator: "equals", values: [false] }],
      exact: true,
    });
    expect(without.rows).toEqual([
      {
        "sales.revenue": (
          await sql.rows(`SELECT sum(quantity * unit_price)::VARCHAR FROM '${LINES}' WHERE invoice_no NOT LIKE 'C%'`)
        )[0]![0],
      },
    ]);
  });

  it("slices sales by the RFM segment as soon as it is mined", async () => {
    const { rows } = await project.ask({
      measures: ["sales.revenue", "sales.lines", "sales.buyers"],
      dimensions: ["customer.rfm_segment"],
      exact: true,
    });
    expect(rows).toHaveLength(11);
    const expected = await sql.rows(
      `SELECT l.segment, sum(o.quantity * o.unit_price)::DECIMAL(38,3)::VARCHAR, count(*)::VARCHAR, count(DISTINCT o.customer_id)::VARCHAR FROM '${LINES}' AS o LEFT JOIN l.labels_rfm AS l ON l.key = o.customer_id GROUP BY ALL`,
    );
    expect(
      sorted(
        rows.map((row) =>
          ["customer.rfm_segment", "sales.revenue", "sales.lines", "sales.buyers"].map((name) => row[name]),
        ),
      ),
    ).toEqual(sorted(expected));
    expect(rows.find((row) => row["customer.rfm_segment"] === null)).toMatchObject({
      "sales.lines": String(WITHOUT_CUSTOMER),
    });
  });

  it("gives every score by how many customers are strictly below, as counted one by one", async () => {
    const broken = await sql.rows(`
      WITH days AS (SELECT customer_id AS key, max(invoice_date)::DATE AS last_day, count(DISTINCT invoice_date::DATE) AS occasions, sum(quantity * unit_price) AS money FROM '${LINES}' WHERE customer_id IS NOT NULL GROUP BY ALL)
      SELECT count(*) FROM days AS d JOIN l.labels_rfm AS l USING (key)
      WHERE l.recency <> 1 + (5 * (SELECT count(*) FROM days AS o WHERE o.last_day < d.last_day)) // 4372
         OR l.frequency <> 1 + (5 * (SELECT count(*) FROM days AS o WHERE o.occasions < d.occasions)) // 4372
         OR l.monetary <> 1 + (5 * (SELECT count(*) FROM days AS o WHERE o.money < d.money)) // 4372`);
    expect(broken).toEqual([["0"]]);
  });

  it("reads a file once: the next load finds nothing new and changes nothing", async () => {
    const before = await contents(sql);
    const again = JSON.parse((await succeed(project.run("load", "--json"))).stdout) as RunSummary;
    expect(again.steps.find((step) => step.name === "lines")).toMatchObject({ read: 0, added: 0, removed: 0 });
    const now = await openSql(project);
    expect(await contents(now)).toEqual(before);
    now.close();
  });
});

const sorted = (rows: readonly (readonly unknown[])[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
