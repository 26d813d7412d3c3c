import { createHmac } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startServer, type RunningServer } from "../../../api/server.ts";
import { runLoad } from "../../../etl/index.ts";
import { openProject, type OpenProject } from "../../../etl/project/open-project.ts";
import { makeCompany, type Company } from "../_company.ts";
import { startService, type Service } from "../_service.ts";
import { startSmtp } from "./_smtp.ts";

const PACKAGE = "tessera";
const SETTINGS = ["NOTICE_HOOK", "NOTICE_SECRET", "NOTICE_SMTP"] as const;
const SECRET = "a-secret-of-some-length";

let company: Company;
let service: Service;
let smtp: Awaited<ReturnType<typeof startSmtp>>;
let project: OpenProject | undefined;
let server: RunningServer | undefined;
beforeEach(async () => {
  company = makeCompany();
  service = await startService(() => ({}));
  smtp = await startSmtp();
  company.sql("create table o (id integer primary key)", "insert into o values (1)");
  Object.assign(process.env, {
    NOTICE_HOOK: service.url,
    NOTICE_SECRET: SECRET,
    NOTICE_SMTP: `smtp://robot:p4ssword@127.0.0.1:${smtp.port}`,
  });
  writeFileSync(join(company.folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(company.folder, "tessera.config.ts"),
    `import { defineJob, defineNotice, defineProject, env, sqlite, toEmail, toWebhook } from ${JSON.stringify(PACKAGE)};
    export default defineProject({ name: "t", title: "Test", warehouse: { path: "./warehouse", threads: 2 }, dimensions: [], cubes: [],
      jobs: [defineJob({ name: "o", title: "Orders", source: sqlite({ name: "shop", path: "./shop.sqlite" }), extract: { table: "o", key: "id" }, into: { table: "o", mode: "merge" }, schedule: { cron: "0 * * * *", timeZone: "UTC" } })],
      notices: [defineNotice({ name: "hook", on: ["failed"], to: toWebhook({ url: env("NOTICE_HOOK"), secret: env("NOTICE_SECRET") }) }), defineNotice({ name: "mail", on: ["failed", "stale"], to: toEmail({ smtp: env("NOTICE_SMTP"), from: "tessera@example.com", to: ["data@example.com"] }) })] });\n`,
  );
});
afterEach(async () => {
  await server?.close(200);
  await project?.close();
  [server, project] = [undefined, undefined];
  for (const name of SETTINGS) delete process.env[name];
  await smtp.stop();
  await service.stop();
  company.remove();
});

it("a scheduled load that fails under `serve --schedule` is reported at once by signed webhook and by e-mail, once each", async () => {
  await runLoad({ folder: company.folder });
  rmSync(join(company.folder, "shop.sqlite"));
  project = (await openProject(company.folder)) as unknown as OpenProject;
  // two hours later a run was missed, and is made good as soon as the scheduler looks
  const log: string[] = [];
  server = await startServer({
    project,
    port: 0,
    schedule: true,
    clock: () => new Date(Date.now() + 2 * 3_600_000),
    log: ({ message }) => void log.push(message),
  });
  const until = Date.now() + 60_000;
  while ((service.calls.length === 0 || smtp.mails.length === 0) && Date.now() < until)
    await new Promise((done) => setTimeout(done, 100));
  expect(log.join("\n")).toContain("scheduled load failed: o");
  const [call] = service.calls;
  expect(JSON.parse(call!.body)).toMatchObject({
    notice: "hook",
    kind: "failed",
    job: "o",
    subject: "Test: o failed",
    message: expect.stringContaining("Job Orders failed in load"),
  });
  const [, seconds, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(call!.headers["x-tessera-signature"]))!;
  expect(hex).toBe(createHmac("sha256", SECRET).update(`${seconds}.${call!.body}`).digest("hex"));
  expect(smtp.logins).toEqual(["robot:p4ssword"]);
  expect(smtp.mails[0]).toContain("Subject: Test: o failed");
  expect(smtp.mails[0]).toContain("SQLite file");
  // each was told once, and the page says what is wrong
  expect([service.calls.length, smtp.mails.length]).toEqual([1, 1]);
  expect(await (await fetch(`${server.url}/data`, { headers: { Accept: "text/html" } })).text()).toContain("failed");
}, 120_000);
