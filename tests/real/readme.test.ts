import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE, startSession, temporaryFolder, type Answer, type Session } from "../api/cli/_cli.ts";
import { startPostgres, type TestPostgres } from "../etl/_postgres.ts";

/** What the README shows, in order: blocks of TypeScript and of the shell. */
const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
  language: match[1]!,
  text: match[2]!,
}));
const code = blocks.filter(({ language }) => language === "ts").map(({ text }) => text);
const containing = (words: string): string => {
  const found = blocks.find(({ text }) => text.includes(words));
  if (!found) throw new Error(`the README has no block with ${words}`);
  return found.text;
};

describe("the README", () => {
  const { folder, remove } = temporaryFolder();
  let server: TestPostgres;
  let session: Session;
  const tessera: Session["tessera"] = (args, start) => session.tessera(args, start);
  const run = (...args: string[]): Promise<Answer> => tessera(args, { cwd: folder, env: { ERP_URL: server.url } });

  beforeAll(async () => {
    [server, session] = await Promise.all([startPostgres(), startSession()]);
    await server.query(
      "create table customers (customer_id int primary key, name text, city text, country text)",
      "insert into customers values (1, 'Ada Byron', 'London', 'GB'), (2, 'Emil Kraus', 'Berlin', 'DE')",
      "create table orders (order_id int primary key, customer_id int, ordered_on date, amount numeric(12,2), updated_at timestamptz)",
      "insert into orders values (1, 1, '2025-01-10', 100.10, '2025-01-10'), (2, 2, '2025-02-20', 50.25, '2025-02-20')",
    );
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
    writeFileSync(join(folder, "tessera.config.ts"), code.filter((text) => text.includes("define")).join("\n"));
  });
  afterAll(async () => {
    await server?.stop();
    session?.end();
    remove();
  });

  it("shows a cube and jobs that together are a project, which loads PostgreSQL and then only what changed", async () => {
    expect(await run("source", "test")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^erp: PostgreSQL/) as string,
    });
    const first = await run("load");
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/^orders +2 +2 /m);
    await server.query(
      "insert into orders values (3, 1, '2025-03-01', 20, '2025-03-01')",
      "update orders set amount = 60.25, updated_at = '2025-03-01' where order_id = 2",
    );
    expect((await run("load")).stdout).toMatch(/^orders +2 +1 +1 +0 /m);
    expect((await run("check")).stdout).toMatch(/^no problem/);
  });

  it("shows a script that answers", () => {
    writeFileSync(
      join(folder, "ask.ts"),
      `${code.find((text) => text.includes("openProject"))!.replace('"./shop"', '"."')}\nconsole.log(JSON.stringify({ rows, totals }));\n`,
    );
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", join(PACKAGE, "register.mjs"), "ask.ts"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stdout, stderr).not.toBe("");
    expect(JSON.parse(stdout)).toEqual({
      rows: [
        { "customer.country": "DE", "sales.revenue": 60.25 },
        { "customer.country": "GB", "sales.revenue": 120.1 },
      ],
      totals: [{ level: [], row: { "sales.revenue": 180.35 } }],
    });
  });

  it("shows what a new project answers, word for word", async () => {
    expect((await tessera(["init", "shop"], { cwd: folder })).code).toBe(0);
    const shop = { cwd: join(folder, "shop") };
    expect((await tessera(["load"], shop)).code).toBe(0);
    const question = /tessera query '(\{.*\})'/.exec(containing("tessera init"))![1]!;
    const answer = await tessera(["query", question], shop);
    expect(answer.stdout.split("\n").slice(0, -2).join("\n")).toBe(containing("Month     Country").trimEnd());
  });
});
