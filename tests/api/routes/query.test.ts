import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { DuckDBInstance } from "duckdb";
import { CFB, read } from "@e965/xlsx";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../api/app.ts";
import type { Result } from "../../../engine/model/query.ts";
import { openSmallShop, type SmallShop } from "../support/small-shop.ts";

let shop: SmallShop;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  shop = await openSmallShop();
  app = createApp({ project: shop.project });
});
afterAll(() => shop.close());

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  app.request(path, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  });
const byCountry = { measures: ["sales.revenue", "sales.orders"], dimensions: ["customer.country"], totals: true };
const link = (query: unknown, more = ""): string => `/v1/query?q=${encodeURIComponent(JSON.stringify(query))}${more}`;

describe("queries", () => {
  test("a posted query answers as the project does", async () => {
    const response = await post("/v1/query", byCountry);
    expect(response.status).toBe(200);
    const { rows, totals, columns } = (await response.json()) as Result;
    expect({ rows, totals, columns }).toEqual(
      (({ rows, totals, columns }) => ({ rows, totals, columns }))(await shop.project.query(byCountry)),
    );
    expect(rows.map((r) => r["customer.country"])).toContain(null);
  });
  test("the same question as a link gives the same answer, and 304 to who has it", async () => {
    const first = await app.request(link(byCountry));
    const tag = first.headers.get("etag")!;
    expect(((await first.json()) as Result).rows).toEqual(
      ((await (await post("/v1/query", byCountry)).json()) as Result).rows,
    );
    expect((await app.request(link(byCountry), { headers: { "If-None-Match": tag } })).status).toBe(304);
    expect(
      (await app.request(link({ ...byCountry, totals: false }), { headers: { "If-None-Match": tag } })).status,
    ).toBe(200);
    expect((await app.request(link(byCountry, "&format=csv"), { headers: { "If-None-Match": tag } })).status).toBe(200);
  });
  test("another definition of a measure gives another ETag for the same question", async () => {
    const cubes = shop.project.spec.cubes.map((c) =>
      c.name === "sales"
        ? { ...c, measures: { ...c.measures, revenue: { ...c.measures["revenue"]!, title: "Turnover" } } }
        : c,
    );
    const other = createApp({ project: { ...shop.project, spec: { ...shop.project.spec, cubes } } });
    expect((await other.request(link(byCountry))).headers.get("etag")).not.toBe(
      (await app.request(link(byCountry))).headers.get("etag"),
    );
  });
  test("another day gives another ETag, as relative dates move with it", async () => {
    const on = async (day: string) =>
      (
        await createApp({ project: shop.project, clock: () => new Date(`${day}T10:00:00Z`) }).request(link(byCountry))
      ).headers.get("etag");
    expect(await on("2026-01-01")).not.toBe(await on("2026-01-02"));
  });
  test("CSV neutralises text that a spreadsheet would run, and raw=1 leaves it", async () => {
    const query = { measures: ["sales.revenue"], dimensions: ["sales.product"] };
    const csv = await (await app.request(link(query), { headers: { Accept: "text/csv" } })).text();
    expect(csv).toContain("'=SUM(A1:A9)");
    expect(csv.split("\r\n")[0]).toBe("sales.product,sales.revenue");
    expect(await (await app.request(link(query, "&format=csv&raw=1&titles=1"))).text()).toMatch(
      /^Product,Revenue\r\n[\s\S]*=SUM/,
    );
  });
  test("negative numbers of a CSV stay numbers", async () => {
    const csv = await (
      await app.request(link({ measures: [{ name: "loss", formula: "0 - sales.revenue" }] }, "&format=csv"))
    ).text();
    expect(csv.split("\r\n")[1]).toMatch(/^-\d/);
  });
  test("Excel has typed cells, the total in bold and what was asked", async () => {
    const response = await app.request(link(byCountry, "&format=xlsx"));
    expect(response.headers.get("content-disposition")).toContain("revenue-orders-by-country.xlsx");
    const bytes = Buffer.from(await response.arrayBuffer());
    const book = read(bytes);
    expect(book.SheetNames.at(-1)).toBe("About");
    const sheet = book.Sheets[book.SheetNames[0]!]!;
    const last = Number(/\d+$/.exec(sheet["!ref"]!)![0]);
    expect(["A1", "B1", "C1"].map((cell) => sheet[cell]?.v)).toEqual(["Country", "Revenue", "Orders"]);
    expect(sheet["B2"]?.t).toBe("n");
    expect(sheet[`A${last}`]?.v).toBe("Total");
    const parts = CFB.read(bytes, { type: "buffer" });
    const text = (path: string): string => Buffer.from(CFB.find(parts, path)!.content as Uint8Array).toString();
    const rows = text("/xl/worksheets/sheet1.xml");
    expect(rows).toContain('<autoFilter ref="A1:C1"/>');
    const style = Number(new RegExp(`r="A${last}" s="(\\d+)"`).exec(rows)![1]);
    const font = [
      ...text("/xl/styles.xml")
        .split("<cellXfs")[1]!
        .matchAll(/<xf [^>]*fontId="(\d+)"/g),
    ][style]![1];
    expect([...text("/xl/styles.xml").matchAll(/<font>(.*?)<\/font>/gs)][Number(font)]![1]).toContain("<b");
  });
  test("Arrow streams the same rows", async () => {
    const response = await app.request(link(byCountry), { headers: { Accept: "application/vnd.apache.arrow.stream" } });
    const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
    expect(table.numRows).toBe((await shop.project.query(byCountry)).rows.length);
  });
  test("a ranking is the same in every form", async () => {
    const top = {
      measures: ["sales.revenue"],
      dimensions: ["customer.country"],
      top: [{ dimension: "customer.country", by: "sales.revenue", n: 2 }],
      order: [{ member: "sales.revenue" }],
    };
    const rows = (await shop.project.query(top as never)).rows.map((r) => r["customer.country"]);
    expect(rows).toHaveLength(2);
    const table = tableFromIPC(new Uint8Array(await (await app.request(link(top, "&format=arrow"))).arrayBuffer()));
    expect(
      table.toArray().map((r) => (r as { toJSON(): Record<string, unknown> }).toJSON()["customer.country"]),
    ).toEqual(rows);
    expect((await (await app.request(link(top, "&format=csv"))).text()).trim().split("\r\n")).toHaveLength(3);
  });
  test("Parquet holds the rows in order, with decimals, dates and the names of bins", async () => {
    const query = {
      measures: ["sales.revenue", "sales.orders"],
      dimensions: ["date.month", "customer.country"],
      order: [{ member: "sales.revenue" }],
      limit: 7,
    };
    const response = await app.request(link(query), { headers: { Accept: "application/vnd.apache.parquet" } });
    expect(response.headers.get("content-type")).toBe("application/vnd.apache.parquet");
    expect(response.headers.get("content-disposition")).toContain(".parquet");
    const folder = mkdtempSync(join(tmpdir(), "tessera-parquet-"));
    try {
      const file = join(folder, "answer.parquet");
      writeFileSync(file, new Uint8Array(await response.arrayBuffer()));
      const connection = await (await DuckDBInstance.create(":memory:")).connect();
      const read = await connection.runAndReadAll(`SELECT * FROM '${file}'`);
      expect(
        read
          .columnTypes()
          .map(String)
          .map((t) => t.replace(/\(.*/, "")),
      ).toEqual(["DATE", "VARCHAR", "DECIMAL", "BIGINT"]);
      expect(
        read.getRowObjectsJson().map((r) => [r["date.month"], r["customer.country"], Number(r["sales.revenue"])]),
      ).toEqual(
        (await shop.project.query(query as never)).rows.map((r) => [
          r["date.month"],
          r["customer.country"],
          r["sales.revenue"],
        ]),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  test("members are searched", async () => {
    expect(await (await app.request("/v1/members/customer.city?search=erl")).json()).toEqual({
      values: ["Berlin"],
      truncated: false,
    });
    expect(await (await app.request("/v1/members/customer.city?limit=2")).json()).toMatchObject({ truncated: true });
  });
  test("explain names the statement, drillthrough does not and adds up to the cell", async () => {
    expect(await (await post("/v1/explain", byCountry)).json()).toMatchObject({
      sql: [expect.stringContaining("select")],
      measures: [{ member: "sales.revenue" }, { member: "sales.orders" }],
    });
    const cell = { "customer.country": "Germany" };
    const under = (await (
      await post("/v1/drillthrough", { measures: ["sales.revenue"], dimensions: ["customer.name"], cell, limit: 1000 })
    ).json()) as Result;
    expect(under.meta.sql).toBeUndefined();
    const whole = (await shop.project.query(byCountry)).rows.find((r) => r["customer.country"] === "Germany")!;
    expect(Math.round(under.rows.reduce((n, r) => n + Number(r["sales.revenue"]), 0) * 100) / 100).toBe(
      whole["sales.revenue"],
    );
  });
  test("goals tell where they stand", async () => {
    const { goals } = (await (await app.request("/v1/goals")).json()) as {
      goals: { name: string; value: number; progress: number }[];
    };
    const revenue = Number(
      (
        await shop.project.query({
          measures: ["sales.revenue"],
          filters: [{ member: "date", operator: "in_range", values: ["2025"] }],
        })
      ).rows[0]!["sales.revenue"],
    );
    expect(goals[0]).toMatchObject({ name: "more", value: revenue, progress: revenue / 10_000 });
  });
  test("segments are counted, whole and after each filter", async () => {
    expect(await (await app.request("/v1/segments")).json()).toMatchObject({ segments: [{ name: "good", of: 40 }] });
    const counted = (await (
      await post("/v1/segments/count", {
        over: "customer",
        filters: [
          { member: "customer.country", operator: "equals", values: ["Germany"] },
          { member: "customer.tier", operator: "equals", values: ["Gold"] },
        ],
      })
    ).json()) as { members: number; after: number[] };
    expect(counted.after[0]).toBeGreaterThan(counted.after[1]!);
    expect(counted.members).toBe(counted.after[1]);
  });
});

describe("customers", () => {
  test("are found without regard to case and accents", async () => {
    const { customers } = (await (await app.request("/v1/customers?search=muller%20KATHE")).json()) as {
      customers: Record<string, unknown>[];
    };
    expect(customers.map((c) => c["customer.customer_id"])).toEqual([7]);
  });
  test("are found by phone and e-mail", async () => {
    expect(await (await app.request("/v1/customers?search=%2B4930100012")).json()).toMatchObject({
      customers: [{ "customer.customer_id": 12 }],
    });
    expect(await (await app.request("/v1/customers?search=person9%40mail")).json()).toMatchObject({
      customers: [{ "customer.customer_id": 9 }],
    });
  });
  test("a search is a value and never SQL", async () => {
    for (const search of ["'; DROP TABLE orders; --", '" OR 1=1 --', "%", "_", "\\", "\0"]) {
      const response = await app.request(`/v1/customers?search=${encodeURIComponent(search)}`);
      expect(response.status).toBe(200);
      expect(((await response.json()) as { customers: unknown[] }).customers).toEqual([]);
    }
    expect(
      ((await (await app.request("/v1/customers?search=DROP%20TABLE")).json()) as { customers: unknown[] }).customers,
    ).toHaveLength(1);
    expect((await shop.project.query({ measures: ["sales.orders"] })).rows).toHaveLength(1);
  });
  test("one customer has profile, figures and events; an unknown one is 404", async () => {
    const one = (await (await app.request("/v1/customers/7")).json()) as {
      name: string;
      attributes: Record<string, unknown>;
      figures: Record<string, unknown>;
      events: Record<string, unknown[]>;
    };
    expect(one).toMatchObject({ name: "Käthe Müller", attributes: { email: "person7@mail.example" } });
    expect(one.events["sales"]!.length).toBeGreaterThan(0);
    for (const key of ["4711", "x", "7%20OR%201=1", "99999999999999999999"])
      expect((await app.request(`/v1/customers/${key}`)).status).toBe(404);
  });
});
