import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const PROGRAM = new URL("../../tessera.cjs", import.meta.url).pathname;
const home = mkdtempSync(join(tmpdir(), "tessera-demo-"));
const environment = { ...process.env, TESSERA_HOME: home, TESSERA_DEMO_SCALE: "0.01" };
const started: ChildProcess[] = [];

/** Starts a command that serves; answers its words so far and its address. */
const serving = (...args: string[]): Promise<{ readonly words: string; readonly url: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args, "--port", "0"], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    started.push(child);
    let words = "",
      wrong = "";
    child.stderr.on("data", (text: Buffer) => {
      wrong += String(text);
    });
    child.stdout.on("data", (text: Buffer) => {
      words += String(text);
      const url = /http:\/\/[\d.]+:\d+/.exec(words)?.[0];
      if (url && words.includes("Ctrl-C")) resolve({ words, url });
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${wrong.slice(-2000)}`)));
  });
const ended = (child: ChildProcess): Promise<void> =>
  new Promise((done) => {
    if (child.exitCode !== null) done();
    else {
      child.once("exit", () => done());
      child.kill("SIGTERM");
    }
  });

let first: { readonly words: string; readonly url: string };
beforeAll(async () => {
  execFileSync(process.execPath, [PROGRAM, "load"], { env: environment, stdio: "pipe" });
  first = await serving("serve", "--schedule");
}, 240_000);
afterAll(async () => {
  for (const child of started) await ended(child);
  rmSync(home, { recursive: true, force: true });
}, 30_000);

test("a job that reads the service desk runs from the demo's page: the desk is there while the load needs it", async () => {
  const response = await fetch(`${first.url}/data/jobs/desk_topics/run`, { method: "POST", redirect: "manual" });
  expect(response.status).toBe(303);
  const run = response.headers.get("location")!.split("/").at(-1)!;
  await (await fetch(`${first.url}/v1/runs/${run}/events`)).text();
  const done = (await (await fetch(`${first.url}/v1/runs/${run}`)).json()) as {
    status: string;
    startedBy: string;
    steps: { name: string; read: number }[];
  };
  expect(done).toMatchObject({ status: "published", startedBy: "page" });
  expect(done.steps.find((s) => s.name === "desk_topics")!.read).toBeGreaterThan(0);
}, 120_000);

test("one process runs the schedules; a second only serves and says so; once the first ends, pages say that none runs", async () => {
  expect(first.words).toContain("schedules run in this process");
  expect(await (await fetch(`${first.url}/data`)).text()).toContain("schedules run in process");
  const second = await serving("serve", "--schedule");
  expect(second.words).toContain("schedules do not run here: process");
  await ended(started[0]!);
  const page = await (await fetch(`${second.url}/data`)).text();
  expect(page).toContain("tessera serve --schedule");
  const { scheduler, jobs } = (await (await fetch(`${second.url}/v1/jobs`)).json()) as {
    scheduler: unknown;
    jobs: { due: string | null; next: string | null }[];
  };
  expect(scheduler).toBeNull();
  expect(jobs.some((j) => j.due !== null)).toBe(true);
  expect(jobs.every((j) => j.next === null)).toBe(true);
}, 60_000);
