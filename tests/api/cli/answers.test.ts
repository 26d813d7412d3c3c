/** What commands print about the small shop, compared with what they printed; they run in this process. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "../../../api/cli/main.ts";
import { sameAsBefore } from "../support/golden.ts";
import { openSmallShop, type SmallShop } from "../support/small-shop.ts";

let shop: SmallShop;
beforeAll(async () => {
  shop = await openSmallShop();
  writeFileSync(
    join(shop.folder, "query.json"),
    JSON.stringify({ measures: ["sales.revenue", "sales.buyers"], dimensions: ["customer.country"], totals: true }),
  );
  writeFileSync(join(shop.folder, "wrong.json"), JSON.stringify({ measures: ["sales.revenu"] }));
});
afterAll(() => shop.close());

/** All that a command writes, and the code that it ends with. */
async function printed(args: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  const [out, error, code] = [process.stdout.write, process.stderr.write, process.exitCode];
  const keep = (text: string | Uint8Array): boolean => {
    texts.push(String(text));
    return true;
  };
  process.stdout.write = keep as typeof process.stdout.write;
  process.stderr.write = keep as typeof process.stderr.write;
  process.exitCode = 0;
  try {
    await main(["node", "tessera", "--project", shop.folder, ...args]);
    return [`tessera ${args.join(" ")} -> ${process.exitCode}`, ...texts.join("").split("\n")];
  } finally {
    process.stdout.write = out;
    process.stderr.write = error;
    process.exitCode = code;
    for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners("error");
  }
}

/** Seconds stand before the state of a step or a load; columns are as wide as their numbers. */
const withoutSeconds = (line: string): string =>
  line
    .replaceAll(/ {2,}/g, "  ")
    .replaceAll(/\d+(\.\d+)?(?= +(skipped|checked|loaded|ok|done)\b| +\d+ +published\b)/g, "(s)")
    .replaceAll(/\d+\.\d+(?= +\d+ +served)/g, "(MB)");

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  check: ["check"],
  query: ["query", "FOLDER/query.json"],
  "query-as-csv": ["query", "FOLDER/query.json", "--format", "csv"],
  "query-as-json": ["query", "FOLDER/query.json", "--format", "json"],
  "query-wrong": ["query", "FOLDER/wrong.json"],
  "query-missing": ["query", "FOLDER/none.json"],
  loads: ["loads"],
  "loads-unknown": ["loads", "20200101-000000"],
  versions: ["versions"],
  plan: ["plan", "customers"],
  schedule: ["schedule"],
  "unknown-option": ["schedule", "--runs", "2"],
  "load-shown": ["loads", "RUN"],
  identities: ["identities"],
  notices: ["notices"],
  advise: ["advise"],
  mine: ["mine", "rfm"],
  "mine-unknown": ["mine", "rfn"],
  campaign: ["campaign", "list"],
  export: ["export"],
  "pause-and-tell": ["pause", "orders"],
  resume: ["resume", "orders"],
  "pause-unknown": ["pause", "ordres"],
  "cancel-unknown": ["cancel", "nothing"],
  "rollback-unknown": ["rollback", "nothing"],
  "unknown-command": ["laod"],
};

test.each(Object.entries(COMMANDS))("%s prints what it printed before", async (name, args) => {
  const run = /\d{8}-\d{6}\S*/.exec((await printed(["loads"])).join("\n"))?.[0] ?? "";
  const lines = await printed(args.map((each) => each.replace("FOLDER", shop.folder).replace("RUN", run)));
  expect(lines.length).toBeGreaterThan(1);
  sameAsBefore(`cli-${name}`, shop.folder, lines.map(withoutSeconds));
});
