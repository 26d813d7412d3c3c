import { afterAll, beforeAll, expect, it } from "vitest";
import { playHistory } from "../_differential.ts";
import { startPostgres, type TestPostgres } from "../_postgres.ts";

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

it.each([2, 3, 8])(
  "random changes of a PostgreSQL table are mirrored after each load (seed %i; more in tests/long)",
  async (seed) => {
    expect((await playHistory(server, seed, { kills: false })).loads).toBeGreaterThan(1);
  },
);
