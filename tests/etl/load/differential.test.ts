import { afterAll, beforeAll, expect, it } from "vitest";
import { playHistory } from "../_differential.ts";
import { startPostgres, type TestPostgres } from "../_postgres.ts";

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

it("random changes of a PostgreSQL table are mirrored after each load (more in tests/long)", async () => {
  expect((await playHistory(server, 8, { kills: false })).loads).toBeGreaterThan(1);
});
