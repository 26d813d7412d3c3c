import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createApp } from "../../../api/app.ts";
import { startServer } from "../../../api/server.ts";
import { defineProject } from "../../../engine/index.ts";
import {
  defineDestination,
  defineJob,
  defineNotice,
  env,
  planOf,
  postgres,
  rest,
  sendNotices,
  sqlite,
  testSource,
  toCsv,
  toEmail,
  toTable,
  toWebhook,
  type Target,
} from "../../../etl/index.ts";
import { openState } from "../../../engine/warehouse/index.ts";
import { declaredRedactor, redactor } from "../../../etl/declare/redact.ts";
import { openListShop, type ListShop } from "../destinations/_shop.ts";
import { makeCompany, type Company } from "../_company.ts";
import { startService } from "../_service.ts";

const SECRET = "hunter2-very-secret";
let company: Company | undefined;
let shop: ListShop | undefined;
afterEach(async () => {
  company?.remove();
  await shop?.close();
  [company, shop] = [undefined, undefined];
});

/** All that a warehouse's folder says of itself beside the data. */
const stateOf = (warehouse: string): string =>
  readdirSync(warehouse)
    .filter((name) => name.startsWith("state"))
    .map((name) => readFileSync(join(warehouse, name), "latin1"))
    .join("\n");

describe("secrets of sources", () => {
  it("F20: are in neither state, errors nor logs of a load's progress, wherever they were declared", async () => {
    company = makeCompany();
    const environment = {
      ERP: `postgres://user:${SECRET}@127.0.0.1:1/erp`,
      DESK: "http://127.0.0.1:1",
      TOKEN: `${SECRET}-token`,
    };
    const jobs = [
      defineJob({
        name: "erp",
        source: postgres({ name: "erp", url: env("ERP") }),
        extract: { table: "t" },
        into: { table: "t" },
      }),
      defineJob({
        name: "desk",
        source: rest({ name: "desk", baseUrl: env("DESK"), auth: { bearer: env("TOKEN") }, retries: 0 }),
        extract: { path: "/x" },
        into: { table: "x" },
      }),
      defineJob({
        name: "literal",
        source: postgres({ name: "literal", url: `postgres://user:${SECRET}@127.0.0.1:1/erp` }),
        extract: { table: "t" },
        into: { table: "u" },
      }),
      defineJob({
        name: "written",
        source: rest({ name: "written", baseUrl: env("DESK"), auth: { bearer: SECRET }, retries: 0 }),
        extract: { path: `/${SECRET}` },
        into: { table: "y" },
      }),
    ];
    const seen: string[] = [];
    for (const job of jobs) {
      const error = await company
        .load([job], { environment, onProgress: (progress) => seen.push(JSON.stringify(progress)) })
        .then(
          () => undefined,
          (thrown: Error) => thrown,
        );
      expect(error).toMatchObject({ code: "source-unavailable" });
      seen.push(error!.message, JSON.stringify(error), error!.stack ?? "");
      seen.push(
        await testSource(job.source, company.folder, environment).catch(
          (thrown: Error) => `${thrown.message} ${thrown.stack ?? ""} ${JSON.stringify(thrown)}`,
        ),
      );
    }
    await expect(company.load([jobs[0]!], { environment: {} })).rejects.toMatchObject({
      code: "secret-missing",
      message: "environment variable ERP is not set",
    });
    seen.push(stateOf(company.warehouse));
    expect(seen.join("\n")).not.toContain("hunter2");
  });

  it("F20: are in no plan, whether the load succeeds or fails", async () => {
    company = makeCompany();
    const service = await startService(() => ({ json: [{ id: 1 }] }));
    const job = (bearer: ReturnType<typeof env> | string) =>
      defineJob({
        name: "r",
        source: rest({ name: "r", baseUrl: env("BASE"), auth: { bearer } }),
        extract: { path: "/r" },
        into: { table: "r", mode: "merge", key: "id" },
      });
    for (const one of [job(env("TOKEN")), job(SECRET)]) {
      const run = await company.load([one], { dryRun: true, environment: { BASE: service.url, TOKEN: SECRET } });
      expect(service.calls.at(-1)!.token).toBe(`Bearer ${SECRET}`);
      const plan = planOf(
        defineProject({ name: "t", warehouse: { path: "w" }, dimensions: [], cubes: [], jobs: [one] }),
        run,
        false,
      );
      expect(plan.jobs).toMatchObject([{ job: "r", added: 1 }]);
      expect(JSON.stringify([plan, run])).not.toContain("hunter2");
    }
    expect(stateOf(company.warehouse)).not.toContain("hunter2");
    await service.stop();
  });
});

describe("secrets of destinations and notices", () => {
  const environment = {
    HOOK: "http://127.0.0.1:1/hook",
    HOOK_SECRET: SECRET,
    SMTP: `smtp://robot:${SECRET}@127.0.0.1:1`,
  };
  const to = (name: string, target: Target) =>
    defineDestination({
      name,
      over: "customer",
      to: target,
      columns: { name: "customer.name" },
      contact: { consent: "customer.consent", stop: "customer.stop" },
    });

  it("F20: are in no API answer, page, log, error or state, whatever a target answers", async () => {
    // a database whose own words hold the secret of another destination
    shop = await openListShop([
      to("hook", toWebhook({ url: env("HOOK"), secret: env("HOOK_SECRET"), retries: 0 })),
      to("crm", toTable({ in: sqlite({ name: "crm", path: "crm.sqlite" }), table: `calls ${SECRET}` })),
      to("file", toCsv({ folder: env("FOLDER") })),
    ]);
    const logged: string[] = [];
    const log = (line: { readonly message: string; readonly error?: unknown }): void =>
      void logged.push(
        line.message,
        line.error instanceof Error
          ? `${line.error.message} ${line.error.stack ?? ""}`
          : JSON.stringify(line.error ?? ""),
      );
    const before = { ...process.env };
    Object.assign(process.env, environment);
    try {
      const app = createApp({ project: shop.project, log });
      const post = (path: string, body: unknown) =>
        app.request(path, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        });
      const seen: string[] = [];
      for (const name of ["hook", "crm"]) {
        const answer = await post("/v1/lists", { segment: "good", to: name });
        expect(answer.status).toBe(502);
        seen.push(await answer.text());
      }
      expect(seen[1]).toContain("(HOOK_SECRET)");
      const { paths } = (await (await app.request("/openapi.json")).json()) as {
        paths: Record<string, Record<string, unknown>>;
      };
      const state = openState(shop.company.warehouse);
      const { id: run } = state.prepare("SELECT id FROM runs LIMIT 1").get() as { readonly id: string };
      state.close();
      const known: Record<string, string> = { id: run, name: "customers", list: "x" };
      const addresses = Object.entries(paths).flatMap(([path, item]) =>
        "get" in item && !path.endsWith("/events")
          ? [path.replace(/\{(\w+)\}/g, (_, word: string) => known[word] ?? "x")]
          : [],
      );
      expect(addresses.length).toBeGreaterThan(20);
      for (const path of [...addresses, "/", "/data", "/lists", "/segments", "/model", `/data/loads/${run}`])
        seen.push(
          await (
            await app.request(path, { headers: { Accept: path.startsWith("/v1") ? "application/json" : "text/html" } })
          ).text(),
        );
      const server = await startServer({ project: shop.project, port: 0, log });
      seen.push(await (await fetch(`${server.url}/v1/lists`)).text());
      await server.close(100);
      expect([...seen, ...logged, stateOf(shop.company.warehouse)].join("\n")).not.toContain("hunter2");
    } finally {
      for (const name of Object.keys(environment)) if (before[name] === undefined) delete process.env[name];
    }
  }, 120_000);

  it("F20: are in no notice, and not in the errors of its delivery", async () => {
    company = makeCompany();
    const job = defineJob({
      name: "gone",
      source: sqlite({ name: "shop", path: "./shop.sqlite" }),
      extract: { table: `t_${SECRET}` },
      into: { table: "gone" },
    });
    await expect(company.load([job])).rejects.toThrow();
    const state = openState(company.warehouse);
    const notice = defineNotice({
      name: "watch",
      on: ["failed"],
      to: toEmail({ smtp: env("SMTP"), from: "a@example.com", to: ["b@example.com"] }),
    });
    const spec = defineProject({
      name: "t",
      warehouse: { path: "./warehouse" },
      dimensions: [],
      cubes: [],
      jobs: [job],
      notices: [notice],
    });
    const told = [
      ...(await sendNotices({ spec, state, warehouse: company.warehouse, environment })),
      ...(await sendNotices({ spec, state, warehouse: company.warehouse, environment: { ...environment, SMTP: "" } })),
    ];
    state.close();
    expect(told.map((each) => each.how)).toEqual(["failed", "outbox"]);
    expect(JSON.stringify(told[0])).not.toContain("hunter2");
  });

  it("F20: and other values of env(…) are redacted in a command's errors", () => {
    expect(declaredRedactor({ HOOK_SECRET: SECRET })(`it says ${SECRET}`)).toBe("it says (HOOK_SECRET)");
    const spec = {
      destinations: [to("w", toWebhook({ url: "https://hooks.example.com/", secret: "written-out-secret" }))],
      notices: [
        defineNotice({
          name: "n",
          on: ["failed"],
          to: toEmail({ smtp: "smtp://a:p%40ssword@mail.example", from: "a@b.example", to: [] }),
        }),
      ],
    };
    expect(redactor(spec, {})("written-out-secret and p@ssword and p%40ssword")).toBe(
      "(secret) and (password) and (password)",
    );
  });
});
