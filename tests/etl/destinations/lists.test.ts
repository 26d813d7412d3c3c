import { createHmac } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, describe, expect, it } from "vitest";
import { createApp } from "../../../api/app.ts";
import { openState } from "../../../engine/warehouse/index.ts";
import {
  assigneesOf,
  defineDestination,
  defineJob,
  env,
  exportList,
  files,
  listLists,
  postgres,
  sqlite,
  toCsv,
  toTable,
  toWebhook,
  type ListAssignment,
  type ListDestination,
  type Target,
} from "../../../etl/index.ts";
import { startPostgres } from "../_postgres.ts";
import { startService, type Answer } from "../_service.ts";
import { openListShop, type ListShop } from "./_shop.ts";

const to = (target: Target, more: Partial<ListDestination> = {}): ListDestination =>
  defineDestination({
    name: "calls",
    over: "customer",
    to: target,
    columns: { name: "customer.name", spend: "sales.spend" },
    contact: { consent: "customer.consent", stop: "customer.stop" },
    ...more,
  });
const allowed = Array.from({ length: 40 }, (_, i) => i + 1).filter((n) => n % 4 !== 0 && n % 10 !== 0);

let shop: ListShop | undefined;
afterEach(async () => {
  await shop?.close();
  shop = undefined;
});
const lines = (path: string): string[] => readFileSync(path, "utf8").trimEnd().split("\r\n");

describe("a list", () => {
  it("is written to the outbox until the target's variable is set, then sent to the target", async () => {
    shop = await openListShop([to(toCsv({ folder: env("LISTS") }))]);
    const dry = await exportList(shop.project, { audience: "everyone", to: "calls", environment: {} });
    expect(dry).toMatchObject({
      status: "dry",
      found: 40,
      entries: allowed.length,
      withheld: 40 - allowed.length,
      delivered: 0,
    });
    expect(readdirSync(join(shop.company.warehouse, "outbox"))).toEqual([`${dry.id}.csv`]);
    const folder = join(shop.company.folder, "lists");
    const live = await exportList(shop.project, { audience: "good", to: "calls", environment: { LISTS: folder } });
    expect(live).toMatchObject({ status: "delivered", delivered: live.entries });
    expect(
      lines(join(folder, `${live.id}.csv`))
        .slice(1)
        .map((line) => Number(line.split(",")[2])),
    ).toEqual(allowed.filter((n) => n > 20));
  });

  it("leaves out everybody without consent or on the stop list", async () => {
    shop = await openListShop([to(toCsv({ folder: "./lists" }))]);
    const forced = await exportList(shop.project, {
      audience: { measures: [], filters: [{ member: "customer.consent", operator: "equals", values: [false] }] },
      to: "calls",
    });
    expect(forced).toMatchObject({ found: 9, withheld: 9, entries: 0 });
    const all = await exportList(shop.project, { audience: { measures: [] }, to: "calls" });
    const found = lines(join(shop.company.folder, "lists", `${all.id}.csv`))
      .slice(1)
      .map((line) => Number(line.split(",")[2]));
    expect(found).toEqual(allowed);
    expect(found).not.toContain(8); // consent unknown is none
  });

  it("neutralises formulas, and keeps numbers as they are", async () => {
    shop = await openListShop([to(toCsv({ folder: "./lists" }))]);
    const list = await exportList(shop.project, { audience: "everyone", to: "calls" });
    const [header, ...rows] = lines(join(shop.company.folder, "lists", `${list.id}.csv`));
    expect(header).toBe("entry_id,list_id,member,assignee,name,spend");
    expect(rows.find((row) => row.startsWith(`${list.id}:7,`))).toBe(`${list.id}:7,${list.id},7,,'=1+1,7`);
  });

  it("of an unknown segment or destination, or of another dimension's segment, is refused and names the known ones", async () => {
    shop = await openListShop([to(toCsv({ folder: "./lists" }))]);
    await expect(exportList(shop.project, { audience: "everyon", to: "calls" })).rejects.toThrow(
      'did you mean "everyone"?',
    );
    await expect(exportList(shop.project, { audience: "everyone", to: "cals" })).rejects.toThrow(
      'did you mean "calls"?',
    );
  });
});

describe("entries", () => {
  const people = async (): Promise<Record<string, number>> => {
    const list = await exportList(shop!.project, { audience: "everyone", to: "calls" });
    const state = openState(shop!.company.warehouse);
    const found = Object.fromEntries(
      assigneesOf(state, list.id).map(({ assignee, entries }) => [assignee ?? "nobody", entries]),
    );
    state.close();
    return found;
  };
  const north = allowed.filter((n) => n % 2 === 1).length;

  it("are assigned by territory, within everyone's capacity", async () => {
    const rule: ListAssignment = {
      by: "territory",
      member: "customer.region",
      people: { North: ["Ann", "Bo"] },
      otherwise: ["Cy"],
      most: 5,
    };
    shop = await openListShop([to(toCsv({ folder: "./lists" }), { assign: rule })]);
    expect(await people()).toEqual({ Ann: 5, Bo: 5, Cy: 5, nobody: allowed.length - 15 });
    expect(north).toBeGreaterThan(10);
  });

  it("are assigned to whoever has the fewest, earlier lists included", async () => {
    const rule: ListAssignment = { by: "load", people: ["Ann", "Bo"] };
    shop = await openListShop([to(toCsv({ folder: "./lists" }), { assign: rule })]);
    expect(await people()).toEqual({ Ann: allowed.length / 2, Bo: allowed.length / 2 });
    expect(await people()).toEqual({ Ann: allowed.length / 2, Bo: allowed.length / 2 });
  });

  it("are assigned by score: the best to the first", async () => {
    const rule: ListAssignment = { by: "score", member: "sales.spend", people: ["Ann", "Bo", "Cy"], most: 4 };
    shop = await openListShop([to(toCsv({ folder: "./lists" }), { assign: rule })]);
    const list = await exportList(shop.project, { audience: "everyone", to: "calls" });
    const rows = lines(join(shop.company.folder, "lists", `${list.id}.csv`))
      .slice(1)
      .map((line) => line.split(","));
    const best = [...allowed].reverse();
    for (const [i, person] of ["Ann", "Bo", "Cy"].entries())
      expect(
        rows
          .filter((row) => row[3] === person)
          .map((row) => Number(row[2]))
          .sort((a, b) => b - a),
      ).toEqual(best.slice(4 * i, 4 * i + 4));
  });
});

describe("a database table", () => {
  it("in SQLite gets entries once, and changes", async () => {
    const crm = sqlite({ name: "crm", path: "crm.sqlite" });
    shop = await openListShop([to(toTable({ in: crm, table: "call list", key: "member" }))]);
    const database = new Database(join(shop.company.folder, "crm.sqlite"));
    database.exec(
      'CREATE TABLE "call list" (entry_id TEXT, list_id TEXT, member TEXT PRIMARY KEY, assignee TEXT, name TEXT, spend REAL)',
    );
    await exportList(shop.project, { audience: "good", to: "calls" });
    const second = await exportList(shop.project, { audience: "everyone", to: "calls" });
    expect(
      database
        .prepare('SELECT count(*) AS n, count(DISTINCT list_id) AS lists, min(list_id) AS list FROM "call list"')
        .get(),
    ).toMatchObject({ n: allowed.length, lists: 1, list: second.id });
    database.exec('DROP TABLE "call list"');
    await expect(exportList(shop.project, { audience: "good", to: "calls" })).rejects.toMatchObject({
      code: "source-refused",
    });
    const state = openState(shop.company.warehouse);
    expect(listLists(state)[0]).toMatchObject({ status: "failed", delivered: 0 });
    state.close();
    database.close();
  });

  it("in PostgreSQL gets entries once, all or none", async () => {
    const server = await startPostgres();
    try {
      shop = await openListShop([
        to(toTable({ in: postgres({ name: "crm", url: env("CRM") }), table: "call_list", key: "member" })),
      ]);
      const environment = { CRM: server.url };
      await server.query(
        "CREATE TABLE call_list (entry_id text, list_id text, member text PRIMARY KEY, assignee text, name text, spend numeric CHECK (spend < 40))",
      );
      await exportList(shop.project, { audience: "good", to: "calls", environment });
      await exportList(shop.project, { audience: "everyone", to: "calls", environment });
      await server.query(
        "ALTER TABLE call_list ADD CONSTRAINT small CHECK (spend < 100)",
        `DO $$ BEGIN ASSERT (SELECT count(*) FROM call_list) = ${allowed.length}; ASSERT (SELECT count(DISTINCT list_id) FROM call_list) = 1; END $$`,
        "TRUNCATE call_list",
        "ALTER TABLE call_list ADD CHECK (spend <> 39)",
      );
      const error = await exportList(shop.project, { audience: "everyone", to: "calls", environment }).catch(
        (thrown: unknown) => thrown as Error,
      );
      expect(String(error)).toContain("the database refused the rows");
      expect(String(error)).not.toContain("p4ssword");
      await server.query("DO $$ BEGIN ASSERT (SELECT count(*) FROM call_list) = 0; END $$");
    } finally {
      await server.stop();
    }
  });
});

describe("a webhook", () => {
  const SECRET = "a-secret-of-some-length";
  const hooked = async (
    answer: (number: number) => Answer,
    more: { readonly retries?: number; readonly hosts?: readonly string[]; readonly batch?: number } = {},
  ) => {
    const headers: Record<string, string | string[] | undefined>[] = [];
    let number = 0;
    const service = await startService(() => answer(++number));
    shop = await openListShop([to(toWebhook({ url: env("HOOK"), secret: env("HOOK_SECRET"), batch: 10, ...more }))]);
    const waits: number[] = [];
    const clock = {
      now: () => 1_800_000_000_000,
      sleep: async (length: number) => void waits.push(length),
      random: () => 0,
    };
    return {
      service,
      waits,
      headers,
      send: () =>
        exportList(shop!.project, {
          audience: "everyone",
          to: "calls",
          environment: { HOOK: `${service.url}/lists`, HOOK_SECRET: SECRET },
          clock,
        }),
    };
  };

  it("gets all entries once, in signed batches", async () => {
    const { createServer } = await import("node:http");
    const seen: { body: string; signature: string; id: string }[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request
        .on("data", (text: Buffer) => {
          body += text.toString();
        })
        .on("end", () => {
          seen.push({
            body,
            signature: String(request.headers["x-tessera-signature"]),
            id: String(request.headers["idempotency-key"]),
          });
          response.end("ok");
        });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as { port: number };
    shop = await openListShop([to(toWebhook({ url: env("HOOK"), secret: env("HOOK_SECRET"), batch: 10 }))]);
    const list = await exportList(shop.project, {
      audience: "everyone",
      to: "calls",
      environment: { HOOK: `http://127.0.0.1:${port}/`, HOOK_SECRET: SECRET },
    });
    server.close();
    expect(list).toMatchObject({ status: "delivered", delivered: allowed.length });
    const bodies = seen.map(
      ({ body }) =>
        JSON.parse(body) as {
          batch: number;
          of: number;
          entries: { member: string; entry_id: string; spend: number }[];
        },
    );
    expect(bodies.map(({ batch, of, entries }) => [batch, of, entries.length])).toEqual([
      [1, 3, 10],
      [2, 3, 10],
      [3, 3, allowed.length - 20],
    ]);
    expect(bodies.flatMap(({ entries }) => entries.map((entry) => Number(entry.member)))).toEqual(allowed);
    for (const { body, signature } of seen) {
      const [, seconds, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature)!;
      expect(hex).toBe(createHmac("sha256", SECRET).update(`${seconds}.${body}`).digest("hex"));
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(3);
  });

  it("F8: gets the same batch twice under one key, so that it takes effect once", async () => {
    // the first answer is lost on its way: the receiver has the batch, and is sent it again
    const taken = new Map<string, number>();
    const { service, send } = await hooked((n) => (n === 1 ? { status: 502 } : {}));
    const list = await send();
    for (const call of service.calls)
      taken.set(
        String(call.headers["idempotency-key"]),
        (JSON.parse(call.body) as { entries: unknown[] }).entries.length,
      );
    expect(service.calls).toHaveLength(4);
    expect(service.calls[1]!.headers["idempotency-key"]).toBe(service.calls[0]!.headers["idempotency-key"]);
    expect(service.calls[1]!.body).toBe(service.calls[0]!.body);
    expect([...taken.values()].reduce((sum, n) => sum + n, 0)).toBe(list.entries);
    await service.stop();
  });

  it("is retried after 429 and 500, after the wait that it asks for", async () => {
    const answers = [{ status: 429, headers: { "retry-after": "7" } }, { status: 500 }];
    const { service, waits, send } = await hooked((n) => answers[n - 1] ?? {});
    expect((await send()).status).toBe("delivered");
    expect(waits).toEqual([7000, 1000]);
    expect(service.calls).toHaveLength(5);
    await service.stop();
  });

  it("that always fails leaves the list failed, with the number that arrived", async () => {
    const { service, send } = await hooked((n) => (n === 1 ? {} : { status: 503 }), { retries: 2 });
    await expect(send()).rejects.toMatchObject({ code: "source-unavailable" });
    expect(service.calls).toHaveLength(4);
    const state = openState(shop!.company.warehouse);
    expect(listLists(state)[0]).toMatchObject({ status: "failed", delivered: 10 });
    expect(JSON.stringify(listLists(state))).not.toContain(SECRET);
    state.close();
    await service.stop();
  });

  it("is not redirected, and only declared hosts get entries", async () => {
    const moved = await hooked(() => ({ status: 302, headers: { location: "http://169.254.169.254/" } }));
    await expect(moved.send()).rejects.toMatchObject({ code: "source-refused" });
    expect(moved.service.calls).toHaveLength(1);
    await moved.service.stop();
    await shop?.close();
    const other = await hooked(() => ({}), { hosts: ["hooks.example.com"] });
    await expect(other.send()).rejects.toMatchObject({ code: "forbidden" });
    expect(other.service.calls).toHaveLength(0);
    await other.service.stop();
  });

  it("without HTTPS, or with a short secret, is refused", async () => {
    shop = await openListShop([to(toWebhook({ url: "http://hooks.example.com/", secret: env("S") }))]);
    await expect(
      exportList(shop.project, { audience: "good", to: "calls", environment: { S: SECRET } }),
    ).rejects.toThrow("must begin with https://");
    await expect(
      exportList(shop.project, { audience: "good", to: "calls", environment: { S: "" } }),
    ).resolves.toMatchObject({ status: "dry" });
  });
});

describe("outcomes", () => {
  it("are loaded by a job; the last of each entry counts, and entries without one are open", async () => {
    const back = defineJob({
      name: "call_outcomes",
      source: files({ name: "crm", path: "./drops" }),
      extract: { file: "outcomes*.csv", columnsFrom: "header" },
      columns: { entry_id: { type: "varchar", required: true }, outcome: "varchar", outcome_at: "timestamptz" },
      into: { table: "call_outcomes", mode: "append" },
    });
    shop = await openListShop([to(toCsv({ folder: "./lists" }), { outcomes: { table: "call_outcomes" } })], [back]);
    const list = await exportList(shop.project, { audience: "good", to: "calls" });
    mkdirSync(join(shop.company.folder, "drops"), { recursive: true });
    shop.company.drop(
      "outcomes1.csv",
      `entry_id,outcome,outcome_at\n${list.id}:21,no answer,2030-01-01T10:00:00Z\n${list.id}:21,bought,2030-01-02T10:00:00Z\n${list.id}:22,done,2030-01-03T10:00:00Z\nnot ours,done,2030-01-03T10:00:00Z\n`,
    );
    await shop.load();
    const rows = await shop.company.rows("SELECT outcome, count(*) FROM tessera_list_entries GROUP BY 1 ORDER BY 1");
    expect(rows).toEqual([
      ["bought", "1"],
      ["done", "1"],
      ["open", String(list.entries - 2)],
    ]);
    await shop.project.refresh();
    const page = await (await createApp({ project: shop.project }).request(`/lists/${list.id}`)).text();
    for (const word of ["bought", "done", "open", "withheld"]) expect(page).toContain(word);
  });
});

describe("pages and API", () => {
  it("make lists and show them with their destinations", async () => {
    shop = await openListShop([to(toCsv({ folder: env("LISTS_OF_A_TEST") }))]);
    const app = createApp({ project: shop.project });
    const made = await app.request("/v1/lists", {
      method: "POST",
      body: JSON.stringify({ segment: "good", to: "calls" }),
      headers: { "Content-Type": "application/json" },
    });
    expect(made.status).toBe(201);
    const list = (await made.json()) as { id: string; detail: string };
    expect(existsSync(list.detail)).toBe(true);
    expect(await (await app.request(`/v1/lists/${list.id}`)).json()).toMatchObject({
      id: list.id,
      status: "dry",
      assignees: [{ assignee: null }],
    });
    expect(await (await app.request("/v1/lists")).json()).toMatchObject({
      lists: [{ id: list.id }],
      destinations: [{ name: "calls", kind: "csv", waitsFor: ["LISTS_OF_A_TEST"] }],
    });
    const send = (more: { readonly [field: string]: string } = {}) =>
      app.request("/lists", {
        method: "POST",
        body: new URLSearchParams({ segment: "everyone", to: "calls", ...more }),
      });
    const lists = async (): Promise<number> =>
      ((await (await app.request("/v1/lists")).json()) as { readonly lists: readonly unknown[] }).lists.length;
    // a list goes to people: the page asks first, and nothing is made without consent
    expect((await send()).status).toBe(200);
    expect(await lists()).toBe(1);
    expect((await send({ sure: "1" })).status).toBe(303);
    expect(await lists()).toBe(2);
    const page = await (await app.request("/lists")).text();
    expect(page).toContain(list.id);
    expect(
      (
        await app.request("/v1/lists", {
          method: "POST",
          body: '{"to":"calls"}',
          headers: { "Content-Type": "application/json" },
        })
      ).status,
    ).toBe(400);
    expect((await app.request("/lists/none")).status).toBe(404);
  });
});
