import { writeFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startSession, temporaryFolder, type Session } from "./_cli.ts";

const { folder, remove } = temporaryFolder();
let session: Session;
const tessera: Session["tessera"] = (args, start) => session.tessera(args, start);
beforeAll(async () => {
  session = await startSession();
});
afterAll(() => {
  session.end();
  remove();
});

const config = (format: string): string => `import { defineJob, defineProject, files } from "tessera";
export default defineProject({ name: "t", warehouse: { path: "./warehouse" }, dimensions: [], cubes: [], jobs: [
  defineJob({ name: "o", source: files({ name: "drops", path: "." }), extract: { file: "o*.csv" }, columns: { id: "integer", on: { type: "date", format: [${format}] } }, onReject: { failAbove: "90%" }, into: { table: "o", mode: "merge", key: "id" } })] });\n`;

it("a load is planned, done just so, its rejected rows are taken up again; what there is not ends with 2", async () => {
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "o1.csv"), "id,on\n1,2024-01-01\n2,02.01.2024\n");
  writeFileSync(join(folder, "tessera.config.ts"), config('"%Y-%m-%d"'));
  const at = { cwd: folder };
  expect((await tessera(["plan", "--out", "plan.json"], at)).code).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"))).toMatchObject({
    kind: "load-plan",
    baseVersion: null,
    jobs: [{ job: "o", added: 1, rejected: 1 }],
  });
  const loaded = await tessera(["load", "--plan", "plan.json", "--json"], at);
  expect(loaded.code).toBe(0);
  const { id } = JSON.parse(loaded.stdout) as { readonly id: string };
  const again = await tessera(["load", "--plan", "plan.json"], at);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("the load differs from its plan")]);
  writeFileSync(join(folder, "tessera.config.ts"), config('"%Y-%m-%d", "%d.%m.%Y"'));
  const replayed = await tessera(["loads", id, "--replay-rejects", "--json"], at);
  expect(JSON.parse(replayed.stdout)).toMatchObject({
    status: "published",
    steps: [{ name: "o", read: 1, added: 1, rejected: 0 }],
  });
  const wrong = await Promise.all(
    [
      ["load", "nothing"],
      ["loads", "19990101-000000"],
      ["backfill", "o", "--from", "1", "--until", "2"],
      ["load", "--plan", "none.json"],
      ["loads", "--replay-rejects"],
    ].map((args) => tessera(args, at)),
  );
  expect(wrong.map((each) => each.code)).toEqual([2, 2, 2, 2, 2]);
}, 120_000);
