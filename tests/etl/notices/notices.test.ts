import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineProject } from "../../../engine/index.ts";
import { openState, type State } from "../../../engine/warehouse/index.ts";
import {
  defineJob,
  defineNotice,
  env,
  freshnessOf,
  loadInProcess,
  notNull,
  sendNotices,
  sqlite,
  toEmail,
  toWebhook,
  type Notice,
  type Told,
} from "../../../etl/index.ts";
import { startService } from "../_service.ts";
import { makeCompany, type Company } from "../_company.ts";
import { startSmtp } from "./_smtp.ts";

let company: Company;
let state: State | undefined;
beforeEach(() => {
  company = makeCompany();
  company.sql("CREATE TABLE things (id INTEGER, name TEXT)", "INSERT INTO things VALUES (1, 'a')");
});
afterEach(() => {
  state?.close();
  state = undefined;
  company.remove();
});

const things = defineJob({
  name: "things",
  title: "Things",
  source: sqlite({ name: "shop", path: "shop.sqlite" }),
  extract: { table: "things" },
  checks: [notNull("name")],
  into: { table: "things", mode: "replace" },
  freshWithin: { hours: 26 },
});
const specOf = (notices: readonly Notice[]) =>
  defineProject({
    name: "test",
    title: "Test",
    warehouse: { path: "./warehouse", memoryLimit: "500MB", threads: 2 },
    dimensions: [],
    cubes: [],
    jobs: [things],
    notices,
  });
const load = (at: string) =>
  loadInProcess({ spec: specOf([]), folder: company.folder, environment: {}, now: () => new Date(at) });
const send = (notice: Notice, environment: Record<string, string>, now: Date): Promise<readonly Told[]> => {
  state ??= openState(company.warehouse);
  return sendNotices({
    spec: specOf([notice]),
    state,
    warehouse: company.warehouse,
    environment,
    now: () => now,
    clock: { now: () => now.getTime(), sleep: async () => undefined, random: () => 0 },
  });
};
const in1Hour = (hours: number): Date => new Date(Date.now() + hours * 3_600_000);

describe("freshness", () => {
  it("counts from the last load that published; a job that never ran is not stale", async () => {
    state = openState(company.warehouse);
    expect(freshnessOf(specOf([]), state, new Date())).toEqual([
      { job: "things", loadedAt: null, within: 26 * 3_600_000, stale: false },
    ]);
    await load(new Date().toISOString());
    expect(freshnessOf(specOf([]), state, in1Hour(25))[0]!.stale).toBe(false);
    expect(freshnessOf(specOf([]), state, in1Hour(27))[0]!.stale).toBe(true);
  });
});

describe("a notice", () => {
  const byMail = defineNotice({
    name: "watch",
    on: ["failed", "stale"],
    to: toEmail({ smtp: env("SMTP_URL"), from: "tessera@example.com", to: ["data@example.com", "boss@example.com"] }),
  });

  it("by e-mail reports a failure and stale data, each once", async () => {
    const smtp = await startSmtp();
    const environment = { SMTP_URL: `smtp://robot:p4ssword@127.0.0.1:${smtp.port}` };
    await load(new Date().toISOString());
    expect(await send(byMail, environment, new Date())).toEqual([]);
    company.sql("INSERT INTO things VALUES (2, NULL)");
    await expect(load(new Date().toISOString())).rejects.toThrow();
    const told = await send(byMail, environment, new Date());
    expect(told.map(({ how, trouble }) => [how, trouble.kind, trouble.job])).toEqual([["sent", "failed", "things"]]);
    expect(await send(byMail, environment, new Date())).toEqual([]);
    expect((await send(byMail, environment, in1Hour(30))).map(({ how, trouble }) => [how, trouble.kind])).toEqual([
      ["sent", "stale"],
    ]);
    expect(smtp.logins[0]).toBe("robot:p4ssword");
    expect(smtp.mails).toHaveLength(2);
    expect(smtp.mails[0]).toContain("Subject: Test: things failed");
    expect(smtp.mails[0]).toContain("data@example.com");
    expect(smtp.mails[1]).toContain("is stale");
    await smtp.stop();
  });

  it("that could not be delivered is sent the next time, and shows no password", async () => {
    await load(new Date().toISOString());
    const wrong = await startSmtp();
    const told = await send(byMail, { SMTP_URL: `smtp://robot:wr0ngword@127.0.0.1:${wrong.port}` }, in1Hour(30));
    expect(told).toMatchObject([{ how: "failed" }]);
    expect(JSON.stringify(told)).not.toContain("wr0ngword");
    expect(
      await send(byMail, { SMTP_URL: `smtp://robot:p4ssword@127.0.0.1:${wrong.port}` }, in1Hour(31)),
    ).toMatchObject([{ how: "sent" }]);
    await wrong.stop();
  });

  it("is written to the outbox while its target is not set up", async () => {
    await load(new Date().toISOString());
    expect(await send(byMail, {}, in1Hour(30))).toMatchObject([{ how: "outbox" }]);
    expect(JSON.parse(readFileSync(join(company.warehouse, "outbox", "notices.ndjson"), "utf8"))).toMatchObject({
      notice: "watch",
      kind: "stale",
      job: "things",
      subject: "Test: things is stale",
    });
  });

  it("by webhook is signed, and sent again when the trouble returns", async () => {
    const service = await startService(() => ({}));
    const hook = defineNotice({
      name: "hook",
      on: ["stale"],
      jobs: ["things"],
      to: toWebhook({ url: env("HOOK"), secret: "a-secret-of-some-length" }),
    });
    await load(new Date().toISOString());
    await send(hook, { HOOK: service.url }, in1Hour(30));
    await load(new Date().toISOString());
    await send(hook, { HOOK: service.url }, in1Hour(1));
    await send(hook, { HOOK: service.url }, in1Hour(40));
    expect(service.calls.map((call) => (JSON.parse(call.body) as { job: string; kind: string }).kind)).toEqual([
      "stale",
      "stale",
    ]);
    await service.stop();
  });
});
