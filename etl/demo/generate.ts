import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BrokenRows } from "./systems/broken.ts";
import { makeKeys } from "./systems/keys.ts";
import { simulate } from "./world/simulate.ts";
import { SqliteWriter } from "./systems/sqlite-writer.ts";
import { writeDesk } from "./systems/desk.ts";
import { writeErpCustomers } from "./systems/erp-customers.ts";
import { writeErpField } from "./systems/erp-field.ts";
import { writeErpSales } from "./systems/erp-sales.ts";
import { writeMarketing } from "./systems/marketing.ts";
import { writeShopOrders } from "./systems/shop.ts";
import { writeTouchpoints } from "./systems/touchpoints.ts";
import { writeTruth } from "./truth.ts";

/** Raised whenever the same seed would give other bytes than before, so that an older company is built anew. */
export const GENERATOR_VERSION = 1;

/** `done` and `total` count orders and touchpoints written, `what` says what is being made. */
export type Progress = (done: number, total: number, what: string) => void;

export interface GenerateOptions {
  /** the demo's folder; `systems/` and `truth/` are made in it */
  readonly home: string;
  readonly seed?: number;
  /** 1: some 60,000 customers; 0.02 for tests */
  readonly scale?: number;
  readonly onProgress?: Progress;
}

interface Stamp {
  readonly seed: number;
  readonly scale: number;
  readonly version: number;
}

function stampOf(home: string): Stamp | undefined {
  const path = join(home, "systems", "stamp.json");
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

const UNFINISHED = ".northgate-";

/** Removes what builds that were killed have left behind. */
function sweepUnfinished(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(UNFINISHED)) continue;
    try {
      process.kill(Number(name.slice(UNFINISHED.length)), 0);
    } catch {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}

/**
 * Builds the demo company's source systems under `home`, and the truth about them beside. The same seed and scale give
 * the same bytes. It is made in a folder aside and renamed when whole: an interrupted one begins again, a finished one
 * is used again.
 * @returns whether it had to be made
 */
export async function generate({
  home,
  seed = 1,
  scale = 1,
  onProgress = () => undefined,
}: GenerateOptions): Promise<boolean> {
  const stamp: Stamp = { seed, scale, version: GENERATOR_VERSION };
  const found = stampOf(home);
  if (found !== undefined && found.seed === seed && found.scale === scale && found.version === GENERATOR_VERSION)
    return false;

  sweepUnfinished(dirname(home));
  const temporary = join(dirname(home), `${UNFINISHED}${process.pid}`);
  rmSync(temporary, { recursive: true, force: true });
  const systems = join(temporary, "systems");
  mkdirSync(systems, { recursive: true });
  try {
    onProgress(0, 1, "simulating three years");
    const world = simulate(seed, scale);
    const total = 2 * world.orders.count + world.touches.count;
    const step =
      (from: number, what: string) =>
      (rows: number): void =>
        onProgress(from + rows, total, what);
    const keys = makeKeys(world);
    const brokenIn = {
      erp: new BrokenRows("erp"),
      shop: new BrokenRows("shop"),
      desk: new BrokenRows("desk"),
      marketing: new BrokenRows("marketing"),
    };

    const erp = new SqliteWriter(join(systems, "erp.sqlite"));
    writeErpCustomers(erp, world, keys, brokenIn.erp);
    const named = writeErpSales(erp, world, keys, brokenIn.erp, step(0, "ERP"));
    writeErpField(erp, world, keys, brokenIn.erp);
    erp.close();
    writeShopOrders(join(systems, "shop"), world, keys, brokenIn.shop, step(world.orders.count, "shop"));
    writeTouchpoints(
      join(systems, "shop"),
      world,
      keys,
      brokenIn.shop,
      step(2 * world.orders.count, "shop's touchpoints"),
    );
    writeDesk(join(systems, "desk"), world, keys, brokenIn.desk);
    await writeMarketing(join(systems, "marketing"), world, keys, brokenIn.marketing);
    writeTruth(
      join(temporary, "truth"),
      world,
      keys,
      named,
      Object.values(brokenIn).flatMap((list) => list.rows),
    );
    writeFileSync(join(systems, "stamp.json"), `${JSON.stringify(stamp)}\n`);
    onProgress(total, total, "done");

    mkdirSync(home, { recursive: true });
    for (const part of ["systems", "truth"]) {
      rmSync(join(home, part), { recursive: true, force: true });
    }
    // The stamp lies in systems/, which moves last: while it is missing, nothing is taken to be finished.
    renameSync(join(temporary, "truth"), join(home, "truth"));
    renameSync(systems, join(home, "systems"));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return true;
}
