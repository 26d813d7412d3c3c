import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Result, RunSummary } from "../../../index.ts";
import { startSession, startTessera, temporaryFolder, tessera, type Answer, type Session } from "./_cli.ts";

const { folder: outside, remove } = temporaryFolder();
const folder = join(outside, "shop");
const config = join(folder, "tessera.config.ts");
let session: Session;
const run = (...args: string[]): Promise<Answer> => session.tessera(args, { cwd: folder });
let good = "";

/** Runs with a changed config, then puts the good one back. */
async function changed(change: (text: string) => string, ...args: string[]): Promise<Answer> {
  const text = change(good);
  expect(text).not.toBe(good);
  writeFileSync(config, text);
  try {
    return await run(...args);
  } finally {
    writeFileSync(config, good);
  }
}

beforeAll(async () => {
  session = await startSession();
  const made = await tessera(["init", "shop"], { cwd: outside });
  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(made.stdout).toContain("tessera load");
  good = readFileSync(config, "utf8");
});
afterAll(() => {
  session.end();
  remove();
});

describe("a new project outside the package", () => {
  it("says before its first load that there is nothing, and which command fills it", async () => {
    expect(await run("query", '{"measures":["sales.revenue"]}')).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/nothing has been loaded yet[\s\S]*tessera load/) as string,
    });
  });

  it("loads, answers and checks, with results on standard output and progress on standard error", async () => {
    const loaded = await tessera(["load", "--json"], { cwd: folder });
    expect(loaded.code, loaded.stderr).toBe(0);
    expect(loaded.stderr).toMatch(/^orders: 6 rows$/m);
    expect((JSON.parse(loaded.stdout) as RunSummary).steps).toMatchObject([
      { name: "orders", read: 6, added: 6, rejected: 0, status: "done" },
    ]);

    const table = await run("query", '{"measures":["sales.revenue"],"dimensions":["date.month"],"totals":true}');
    expect(table).toMatchObject({ code: 0, stderr: "" });
    expect(table.stdout).toMatch(/^Total +€189\.40$/m);

    const plan = await run("query", "--explain", "plan", '{"measures":["sales.revenue"],"dimensions":["date.month"]}');
    expect(plan).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(plan.stdout)).toMatchObject({
      keys: [{ member: "date.month" }],
      facts: [{ t: "scan", cube: "sales", leaves: ["m0"] }],
      measures: [{ name: "sales.revenue", value: { t: "leaf", column: "m0" } }],
    });
    const explained = await run("query", "--explain", '{"measures":["sales.revenue"]}');
    expect(explained.stdout).toMatch(/^select /);

    const asked = await tessera(["query", "-", "--json"], {
      cwd: folder,
      input: '{"measures":["sales.revenue"],"dimensions":["sales.country"]}',
    });
    expect(asked).toMatchObject({ code: 0, stderr: "" });
    expect((JSON.parse(asked.stdout) as Result).rows).toEqual([
      { "sales.country": "CN", "sales.revenue": 49 },
      { "sales.country": "DE", "sales.revenue": 79.9 },
      { "sales.country": "FR", "sales.revenue": 27 },
      { "sales.country": "GB", "sales.revenue": 33.5 },
    ]);

    expect(await run("check")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^no problem/) as string });
  });

  it("is found by --project from any other folder", async () => {
    const answer = await tessera(["--project", "shop", "query", '{"measures":["sales.orders"]}', "--format", "csv"], {
      cwd: outside,
    });
    expect(answer.code, answer.stderr).toBe(0);
    expect(answer.stdout.trimEnd().split("\n").at(-1)).toMatch(/^"?6"?\r?$/);
  });

  it("is not written over by a second init", async () => {
    expect(await tessera(["init", "shop"], { cwd: outside })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("already contains a project") as string,
    });
    expect(readFileSync(config, "utf8")).toBe(good);
  });
});

describe("wrong usage ends with 2 and says what was meant", () => {
  it.each([
    [["qery"], /unknown command 'qery'[\s\S]*Did you mean query/],
    [["load", "--ful"], /unknown option '--ful'[\s\S]*Did you mean --full/],
    [["query"], /the query is missing/],
    [["query", "nowhere.json"], /cannot read nowhere\.json/],
    [["query", '{"measures":'], /is not valid JSON/],
    [
      ["query", '{"measures":["sales.revenu"]}'],
      /measure "sales\.revenu" not found \(did you mean "sales\.revenue"\?\)/,
    ],
    [["query", '{"measures":["sales.revenue"],"dimensions":["sales.contry"]}'], /did you mean "sales\.country"\?/],
    [
      [
        "query",
        '{"measures":["sales.revenue"],"filters":[{"member":"date","operator":"in_range","values":["lest month"]}]}',
      ],
      /not a date range/,
    ],
    [["serve", "--port", "high"], /a whole number from 0/],
    [["--project", "nowhere", "load"], /tessera\.config\.ts not found in[\s\S]*tessera init/],
  ])("%j", async (args, words) => {
    const answer = await run(...args);
    expect(answer.stderr).toMatch(words);
    expect(answer).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("a config that cannot be read", () => {
  it.each<[string, (text: string) => string, RegExp, string]>([
    [
      "does not compile",
      (text) => text.replace('path: "./drops"', "path: ;"),
      /Unexpected ";"/,
      "tessera.config.ts:7:",
    ],
    [
      "uses what it does not import",
      (text) => text.replace("  between, calculated", "  calculated"),
      /between is not defined/,
      "tessera.config.ts:23:",
    ],
    [
      "imports what is not there",
      (text) => text.replace('from "tessera"', 'from "tesera"'),
      /Cannot find package 'tesera'/,
      "tessera.config.ts",
    ],
    ["throws", (text) => `${text}throw new Error("by design");\n`, /by design/, "tessera.config.ts:"],
    [
      "exports no project",
      (text) => text.replace("export default defineProject", "export const project = defineProject"),
      /exports no project/,
      "tessera.config.ts",
    ],
  ])("is named with file and line where it %s", async (_, change, words, place) => {
    const answer = await changed(change, "check");
    expect(answer.code).toBe(1);
    expect(answer.stderr).toMatch(words);
    expect(answer.stderr).toContain(`at ${join(folder, place)}`);
    expect(answer.stderr).not.toContain("bug in Tessera");
    expect(answer.stderr.trimEnd().split("\n").length).toBeGreaterThanOrEqual(3);
  });

  it("is read from a folder whose package.json makes no modules", async () => {
    const path = join(folder, "package.json");
    const text = readFileSync(path, "utf8");
    for (const type of ["{}", '{ "type": "commonjs" }']) {
      writeFileSync(path, type);
      expect(await run("check")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^no problem/) as string });
    }
    writeFileSync(path, text);
  });

  it("is told from a wrong model, whose problems name member and remedy", async () => {
    const answer = await changed((text) => text.replace("revenue / orders", "revenu / orders"), "check");
    expect(answer).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /sales\.average_order: measure "sales\.revenu" not found \(did you mean "sales\.revenue"\?\)/,
      ) as string,
    });
  });
});

describe("a load that cannot be done", () => {
  it("names the folder that is missing", async () => {
    const answer = await changed((text) => text.replace('"./drops"', '"./drips"'), "load");
    expect(answer).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/folder .*drips not found[\s\S]*source drops/) as string,
    });
  });

  it("names the environment variable that is missing, in source test too", async () => {
    const change = (text: string): string =>
      text.replace('path: "./drops"', 'path: env("SHOP_DROPS")').replace("count, ", "count, env, ");
    expect(await changed(change, "load")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/SHOP_DROPS is not set[\s\S]*set SHOP_DROPS/) as string,
    });
    expect(await changed(change, "source", "test")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("SHOP_DROPS is not set") as string,
    });
  });

  it("names the job that is meant", async () => {
    expect(await run("load", "order")).toMatchObject({
      stdout: "",
      stderr: expect.stringMatching(/job "order" not found \(did you mean "orders"\?\)/) as string,
    });
  });

  it("stops at too many broken rows, keeps them with line and reason, and leaves the served version alone", async () => {
    writeFileSync(
      join(folder, "drops", "orders_2.csv"),
      "order_id,ordered_on,customer,country,product,quantity,amount\n2001,2025-04-01,Ada,GB,Cup,1,10.00\n2002,2025-04-31,Ada,GB,Cup,1,10.00\n2003,2025-04-03,Ada,GB,Cup,few,10.00\n",
    );
    const stopped = await run("load");
    expect(stopped).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("2 of 3 rows were rejected, more than 5%") as string,
    });
    const [latest] = JSON.parse((await run("loads", "--json")).stdout) as { id: string; status: string }[];
    expect(latest!.status).toBe("failed");
    expect((await run("loads", latest!.id)).stdout).toMatch(
      /orders_2\.csv:3 +ordered_on +invalid date[\s\S]*orders_2\.csv:4 +quantity +invalid integer/,
    );
    expect((await run("query", '{"measures":["sales.revenue"]}', "--format", "csv")).stdout).toMatch(/189\.4/);
  });

  it("sets broken rows apart where the job allows so many, and succeeds", async () => {
    const answer = await changed((text) => text.replace('failAbove: "5%"', 'failAbove: "80%"'), "load");
    expect(answer.code, answer.stderr).toBe(0);
    expect(answer.stdout).toMatch(/^orders +3 +1 +0 +0 +0 +0 +2 /m);
    expect(answer.stdout).toContain("1 rejected, quantity: invalid integer");
    expect((await run("query", '{"measures":["sales.revenue"]}', "--format", "csv")).stdout).toMatch(/199\.4/);
  });

  it("is in use back by rollback, and what came before answers again", async () => {
    const [latest] = JSON.parse((await run("loads", "--json")).stdout) as { id: string }[];
    expect(await run("rollback", latest!.id)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("is served instead of") as string,
    });
    expect((await run("query", '{"measures":["sales.revenue"]}', "--format", "csv")).stdout).toMatch(/189\.4/);
  });
});

describe("serve", () => {
  it("says that a port is in use, and which to try", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    expect(await run("serve", "--port", String(port))).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(new RegExp(`port ${port} is in use[\\s\\S]*--port ${port + 1}`)) as string,
    });
    other.close();
  });

  it("refuses to be seen from other machines", async () => {
    expect(await run("serve", "--host", "0.0.0.0")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no users are configured") as string,
    });
  });

  it("serves until it is asked to end, then ends well", async () => {
    const child = startTessera(["serve", "--port", "0"], { cwd: folder });
    let said = "";
    await new Promise<void>((resolve, reject) => {
      child.stdout!.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (said.includes("Ctrl-C")) resolve();
      });
      child.once("close", () => reject(new Error(said)));
    });
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)![0];
    const answer = await fetch(`${url}/v1/query`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"measures":["sales.revenue"]}',
    });
    expect(((await answer.json()) as Result).rows).toEqual([{ "sales.revenue": 189.4 }]);
    const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });
});

it("the demo is used where no project is near, and its files are not touched", async () => {
  const answer = await tessera(["query", '{"measures":["sales.revenue"]}'], {
    cwd: outside,
    env: { TESSERA_HOME: join(outside, "home") },
  });
  expect(answer).toMatchObject({ code: 1, stderr: expect.stringContaining("nothing has been loaded yet") as string });
});
