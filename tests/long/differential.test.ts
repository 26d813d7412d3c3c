import { afterAll, beforeAll, expect, test } from "vitest";
import { playHistory } from "../etl/_differential.ts";
import { startPostgres, type TestPostgres } from "../etl/_postgres.ts";

/** Other histories each day; `TESSERA_SEED=n npm run test:all` plays those of a day again. */
const SEED = Number(process.env["TESSERA_SEED"] ?? Math.floor(Date.now() / 86_400_000));
const SECONDS = Number(process.env["TESSERA_SECONDS"] ?? 300);
/** No more than these many, where the seconds hold more. */
const HISTORIES = Number(process.env["TESSERA_HISTORIES"] ?? Number.POSITIVE_INFINITY);

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

test(
  `random changes are mirrored after each load, for ${SECONDS} s (seed ${SEED})`,
  async () => {
    const until = Date.now() + SECONDS * 1000;
    const sum = { histories: 0, loads: 0, broken: 0, killed: 0, rollbacks: 0, late: 0 };
    for (let n = 0; n < HISTORIES && Date.now() < until; n++) {
      const figures = await playHistory(server, SEED * 1000 + n, { kills: true }).catch((error: unknown) => {
        throw new Error(`TESSERA_SEED=${SEED}, history ${n}`, { cause: error });
      });
      sum.histories++;
      for (const [name, value] of Object.entries(figures) as [keyof typeof figures, number][]) sum[name] += value;
      if (sum.histories % 100 === 0) process.stdout.write(`seed ${SEED}: ${JSON.stringify(sum)}\n`);
    }
    process.stdout.write(`seed ${SEED}: ${JSON.stringify(sum)}\n`);
    expect(sum.histories).toBeGreaterThanOrEqual(Math.min(10, HISTORIES));
  },
  (SECONDS + 120) * 1000,
);
