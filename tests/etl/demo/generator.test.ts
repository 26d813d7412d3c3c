import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDemo } from "../../../etl/demo/build.ts";
import { fingerprint, temporaryHome, truthJson, truthRows } from "./_demo.ts";

const SCALE = 0.02;
const one = temporaryHome();
const other = temporaryHome();
interface Totals {
  readonly orders: number;
  readonly lines: number;
  readonly net: number;
  readonly list: number;
  readonly discount: number;
  readonly cost: number;
  readonly returned: number;
  readonly webOrders: number;
  readonly touches: number;
  readonly cases: number;
}

const sqlite = <T>(sql: string): T[] => {
  const database = new Database(join(one.home, "systems", "erp.sqlite"), { readonly: true });
  try {
    return database.prepare(sql).all() as T[];
  } finally {
    database.close();
  }
};
const lines = (folder: string): string[] =>
  readdirSync(join(one.home, "systems", folder))
    .sort()
    .flatMap((name) =>
      readFileSync(join(one.home, "systems", folder, name), "utf8")
        .trimEnd()
        .split("\n"),
    );
const parsed = (line: string): { readonly [field: string]: unknown } | undefined => {
  try {
    return JSON.parse(line) as { readonly [field: string]: unknown };
  } catch {
    return undefined;
  }
};

beforeAll(async () => {
  await buildDemo({ home: one.home, scale: SCALE });
  await buildDemo({ home: other.home, scale: SCALE });
});
afterAll(() => {
  one.remove();
  other.remove();
});

describe("the demo company's generator", () => {
  it("gives the same bytes for the same seed", () => {
    const [a, b] = [fingerprint(one.home), fingerprint(other.home)];
    expect(a.size).toBeGreaterThan(100);
    expect(b).toEqual(a);
  });

  it("gives another company for another seed", async () => {
    const third = temporaryHome();
    await buildDemo({ home: third.home, scale: SCALE, seed: 2 });
    expect(fingerprint(join(third.home, "truth")).get("customers.csv")).not.toBe(
      fingerprint(join(one.home, "truth")).get("customers.csv"),
    );
    third.remove();
  });

  it("reuses a finished company and rebuilds an unfinished one", async () => {
    expect(await buildDemo({ home: other.home, scale: SCALE })).toBe(false);
    rmSync(join(other.home, "systems", "stamp.json"));
    // what a build that was killed has left: no process has this number
    mkdirSync(join(other.home, "..", ".northgate-4194399", "systems"), { recursive: true });
    expect(await buildDemo({ home: other.home, scale: SCALE })).toBe(true);
    expect(fingerprint(other.home)).toEqual(fingerprint(one.home));
    expect(readdirSync(join(other.home, ".."))).toEqual(["demo"]);
  });

  it("leaves no temporary folder behind", () => {
    expect(readdirSync(join(one.home, "..")).filter((name) => name !== "demo")).toEqual([]);
  });

  it("has the volumes it promises, scaled", () => {
    const totals = truthJson<Totals>(one.home, "totals.json");
    const near = (value: number, full: number): void => {
      expect(value).toBeGreaterThan(full * SCALE * 0.75);
      expect(value).toBeLessThan(full * SCALE * 1.25);
    };
    near(totals.orders, 400_000);
    near(totals.lines, 1_200_000);
    near(totals.touches, 1_900_000);
    near(totals.cases, 90_000);
    for (const kind of ["orders", "touchpoints"])
      expect(readdirSync(join(one.home, "systems", "shop", kind)).length).toBeLessThanOrEqual(1_200);
    expect(readdirSync(join(one.home, "systems", "marketing", "assignments"))).toHaveLength(24);
  });

  it("writes into the ERP the lines that the truth knows", () => {
    const totals = truthJson<Totals>(one.home, "totals.json");
    const [row] = sqlite<{ n: number; net: number; list: number; discount: number; cost: number }>(
      "select count(*) n, sum(cast(round(net_amount * 100) as integer)) net, sum(cast(round(list_amount * 100) as integer)) list, sum(cast(round(discount_amount * 100) as integer)) discount, sum(cast(round(cost_amount * 100) as integer)) cost from order_lines where order_no not like 'S9%'",
    );
    expect(row).toEqual({
      n: totals.lines,
      net: totals.net,
      list: totals.list,
      discount: totals.discount,
      cost: totals.cost,
    });
    expect(sqlite<{ r: number }>("select sum(cast(round(amount * 100) as integer)) r from returns")[0]!.r).toBe(
      totals.returned,
    );
  });

  it("writes every web order once into the shop's drops, at the sum of its lines", () => {
    const totals = truthJson<Totals>(one.home, "totals.json");
    const web = new Map<string, number>();
    for (const line of lines("shop/orders")) {
      const order = parsed(line);
      if (order !== undefined && !String(order["order_no"]).startsWith("W9"))
        web.set(String(order["order_no"]), Math.round(Number(order["total"]) * 100));
    }
    expect(web.size).toBe(totals.webOrders);
    const sums = sqlite<{ order_no: string; net: number }>(
      "select order_no, sum(cast(round(net_amount * 100) as integer)) net from order_lines where order_no like 'W%' group by order_no",
    );
    expect(sums.filter((sum) => web.get(sum.order_no) !== sum.net)).toEqual([]);
  });

  it("breaks the rows that the truth lists", () => {
    const broken = truthRows(one.home, "broken.csv");
    expect(new Set(broken.map((row) => row["system"]))).toEqual(new Set(["erp", "shop", "desk", "marketing"]));
    expect(new Set(broken.map((row) => row["fault"]))).toEqual(
      new Set(["bad date", "bad number", "negative quantity", "duplicate", "truncated"]),
    );
    const negative = broken.filter((row) => row["fault"] === "negative quantity");
    expect(sqlite<{ n: number }>("select count(*) n from order_lines where quantity < 0")[0]!.n).toBe(negative.length);
    const twice = broken
      .filter((row) => row["system"] === "erp" && row["fault"] === "duplicate")
      .map((row) => row["key"]!)
      .sort();
    expect(
      sqlite<{ order_no: string }>("select order_no from orders group by order_no having count(*) > 1 order by 1").map(
        (row) => row.order_no,
      ),
    ).toEqual(twice);
  });

  it("gives the same people numbers in several systems", () => {
    const identities = truthRows(one.home, "identities.csv");
    const known = new Map<string, Set<string>>();
    for (const row of identities)
      known.set(row["person"]!, (known.get(row["person"]!) ?? new Set()).add(row["source"]!));
    expect([...known.values()].filter((sources) => sources.size >= 3).length).toBeGreaterThan(known.size * 0.2);
    expect(
      new Set(
        sqlite<{ customer_no: string }>("select customer_no from customers where customer_no like 'C%'").map(
          (row) => row.customer_no,
        ),
      ),
    ).toEqual(new Set(identities.filter((row) => row["source"] === "erp").map((row) => row["source_id"])));
  });

  it("writes names with typing errors", () => {
    const emails = sqlite<{ email: string | null }>("select email from customers").map((row) => row.email);
    expect(emails.filter((email) => email === null).length).toBeGreaterThan(5);
    expect(emails.filter((email) => email !== null && email !== email.toLowerCase().trim()).length).toBeGreaterThan(30);
    const phones = sqlite<{ phone: string }>("select phone from customers where phone is not null").map(
      (row) => row.phone,
    );
    for (const form of [/^\+\d+$/, /^0\d{2,3} \d/, /\//, /^00/, /\(0\)/])
      expect(phones.some((phone) => form.test(phone))).toBe(true);
  });

  it("keeps the truth out of the systems", () => {
    expect(existsSync(join(one.home, "systems", "truth"))).toBe(false);
    expect(sqlite<{ name: string }>("select name from sqlite_master where name like '%truth%'")).toEqual([]);
  });
});
