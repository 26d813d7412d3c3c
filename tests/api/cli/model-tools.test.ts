import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSession, temporaryFolder, type Session } from "./_cli.ts";

const place = temporaryFolder();
const old = join(place.folder, "shop");
let session: Session;
const tessera: Session["tessera"] = (args, start) => session.tessera(args, start);
beforeAll(async () => {
  session = await startSession();
  expect((await tessera(["init", "shop"], { cwd: place.folder })).code).toBe(0);
  expect((await tessera(["load"], { cwd: old })).code).toBe(0);
});
afterAll(() => {
  session.end();
  place.remove();
});

const edited = (
  name: string,
  from: string,
  to: string,
  more: (text: string) => string = (text) => text,
  withData = false,
): string => {
  const folder = join(place.folder, name);
  cpSync(old, folder, { recursive: true, filter: (path) => withData || !path.includes("warehouse") });
  const config = join(folder, "tessera.config.ts");
  const text = readFileSync(config, "utf8");
  expect(text).toContain(from);
  writeFileSync(config, more(text.replace(from, to)));
  return folder;
};

describe("diff", () => {
  test("names the measures whose value changes, with the months, and those computed from them", async () => {
    const changed = edited(
      "dearer",
      'sum("amount", { title: "Revenue"',
      'sum({ sql: "amount * 2" }, { title: "Revenue"',
    );
    const { code, stdout } = await tessera(["diff", old, changed, "--json"], { cwd: place.folder });
    const found = JSON.parse(stdout) as {
      compared: number;
      changes: { member: string; kind: string; before: number; after: number; periods: { period: string }[] }[];
    };
    expect(code).toBe(0);
    expect(found.changes.map((c) => [c.member, c.kind])).toEqual([
      ["sales.revenue", "changed"],
      ["sales.average_order", "changed"],
    ]);
    expect([found.changes[0]!.before, found.changes[0]!.after]).toEqual([189.4, 378.8]);
    expect(found.changes[0]!.periods.map((p) => p.period)).toEqual(["2025-03", "2025-02", "2025-01"]);
  });
  test("a measure whose column is gone is broken, a new one is added, a title changes nothing", async () => {
    const broken = edited("broken", 'sum("quantity"', 'sum("quantities"');
    expect((await tessera(["diff", old, broken], { cwd: place.folder })).stdout).toMatch(/sales\.units\s+broken/);
    const added = edited("added", "customers: countDistinct", "lines: count(),\n    customers: countDistinct");
    expect((await tessera(["diff", old, added], { cwd: place.folder })).stdout).toMatch(/sales\.lines\s+added/);
    const titled = edited("titled", 'title: "Revenue", format', 'title: "Turnover", format');
    expect((await tessera(["diff", old, titled], { cwd: place.folder })).stdout).toContain("no value changes");
  });
});

describe("advise", () => {
  test("says what the log holds when nothing is worth a rollup", async () => {
    const { code, stdout } = await tessera(["advise"], { cwd: old });
    expect(code).toBe(0);
    expect(stdout).toContain("queries in the log");
  });
});

describe("check", () => {
  test("tells every problem at once, of the model and of what the warehouse lacks, each with its file and a suggestion", async () => {
    const folder = edited(
      "wrong",
      "dashboards: [overview],",
      'dashboards: [overview],\n  roles: { north: { rows: [{ member: "sales.contry", operator: "equals", values: ["DE"] }] } },',
      (text) => text.replace("revenue / orders", "revenu / orders").replace(/sum\("amount"/, 'sum("amuont"'),
      true,
    );
    const { code, stdout } = await tessera(["check"], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).toMatch(/role north › rows: member "sales\.contry" not found/);
    expect(stdout).toMatch(
      /tessera\.config\.ts › sales\.average_order: measure "sales\.revenu" not found \(did you mean "sales\.revenue"\?\)/,
    );
    expect(stdout).toMatch(/tessera\.config\.ts › sales\.revenue: .*amuont/);
    expect(stdout).toMatch(/\d problems\n$/);
  });
});
