import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defineProject } from "../../../engine/index.ts";
import { inEnvironment } from "../../../etl/declare/config.ts";
import { startSession, temporaryFolder, tessera as startTessera, type Session } from "../../api/cli/_cli.ts";

const place = temporaryFolder();
const shop = join(place.folder, "shop");
let session: Session;
const tessera: Session["tessera"] = (args, start) => session.tessera(args, start);
beforeAll(async () => {
  session = await startSession();
  expect((await tessera(["init", "shop"], { cwd: place.folder })).code).toBe(0);
  const config = join(shop, "tessera.config.ts");
  writeFileSync(
    config,
    readFileSync(config, "utf8").replace(
      / warehouse: \{/,
      ' environments: { test: { warehouse: { path: "./warehouse-test" } }, production: { warehouse: { path: "./warehouse-production" } } },\n  warehouse: {',
    ),
  );
  expect((await tessera(["load"], { cwd: shop })).code).toBe(0);
});
afterAll(() => {
  session.end();
  place.remove();
});

test("a project has its own warehouse in each environment; an unknown environment is refused", async () => {
  const spec = defineProject({
    name: "t",
    warehouse: { path: "here", memoryLimit: "1GB" },
    environments: { production: { warehouse: { path: "there" } } },
    dimensions: [],
    cubes: [],
  });
  expect(inEnvironment(spec, undefined).warehouse.path).toBe("here");
  expect(inEnvironment(spec, "development").warehouse.path).toBe("here");
  expect(inEnvironment(spec, "production").warehouse).toEqual({ path: "there" });
  expect(() => inEnvironment(spec, "prodution")).toThrow('did you mean "production"?');
  const { code, stderr } = await startTessera(["query", "-"], {
    cwd: shop,
    env: { TESSERA_ENV: "staging" },
    input: '{"measures":["sales.revenue"]}',
  });
  expect([code, stderr]).toEqual([1, expect.stringContaining("use one of test, production")]);
});

test("two environments loaded side by side are compared by measure and day", async () => {
  expect((await tessera(["load"], { cwd: shop, env: { TESSERA_ENV: "test" } })).code).toBe(0);
  const compare = async (): Promise<string> =>
    (await tessera(["diff", ".", ".", "--own", "--by", "day", "--new-env", "test"], { cwd: shop })).stdout;
  expect(await compare()).toMatch(/compared on version 1 and the new one's 1, no value changes/);
  const orders = join(shop, "drops", "orders.csv");
  const text = readFileSync(orders, "utf8");
  const [header, first, ...rest] = text.trimEnd().split("\n");
  writeFileSync(
    orders,
    [header, first!.replace(/\d+\.\d+/, (amount) => String(Number(amount) + 100)), ...rest, ""].join("\n"),
  );
  expect((await tessera(["load"], { cwd: shop, env: { TESSERA_ENV: "test" } })).code).toBe(0);
  const found = JSON.parse(
    (await tessera(["diff", ".", ".", "--own", "--by", "day", "--new-env", "test", "--json"], { cwd: shop })).stdout,
  ) as {
    version: number;
    newVersion: number;
    changes: { member: string; before: number; after: number; differing: number; periods: { period: string }[] }[];
  };
  expect([found.version, found.newVersion]).toEqual([1, 2]);
  const revenue = found.changes.find((change) => change.member === "sales.revenue")!;
  expect(revenue.after - revenue.before).toBeCloseTo(100, 6);
  expect([revenue.differing, revenue.periods[0]!.period]).toEqual([1, expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/)]);
});
