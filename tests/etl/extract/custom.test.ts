import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineJob, defineSource, env, testSource, type CustomRow, type RowsRequest } from "../../../etl/index.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";

let company: Company;
beforeEach(() => {
  company = makeCompany();
});
afterEach(() => company.remove());

const asked: RowsRequest[] = [];
let answer: readonly (CustomRow | readonly CustomRow[])[] = [];
const tickets = defineSource({
  name: "tickets",
  settings: { token: env("TICKETS_TOKEN"), region: "north" },
  async *rows(request) {
    asked.push(request);
    yield* answer;
  },
});
const job = defineJob({
  name: "tickets",
  source: tickets,
  extract: { cursor: "changed_at", lag: { hours: 1 }, key: "id", options: { list: "open" } },
  into: { table: "tickets", mode: "merge" },
});
const environment = { TICKETS_TOKEN: "s3cret-token" };

describe("a source written in the project", () => {
  it("is loaded with the types of its values: every digit, exact dates, lists as JSON", async () => {
    answer = [
      { id: 1, big: 9_007_199_254_740_993n, name: "007", paid: true, at: new Date(0), tags: ["a", 2n] },
      [{ id: 2, big: 5n, name: "Åsa\n", paid: false, at: null, extra: { b: 1.5 } }],
    ];
    const plain = defineJob({ name: "t", source: tickets, extract: {}, into: { table: "t" } });
    const run = await company.load([plain], { environment });
    expect(stepOf(run, "t")).toMatchObject({ read: 2, added: 2, rejected: 0 });
    expect(await company.rows('SELECT id, big, name, paid, "at", tags, extra FROM t ORDER BY id')).toEqual([
      ["1", "9007199254740993", "007", true, "1970-01-01 00:00:00+00", '["a",2]', null],
      ["2", "5", "Åsa\n", false, null, null, '{"b":1.5}'],
    ]);
  });

  it("is asked for what changed since the last load less the lag, with its settings and options", async () => {
    asked.length = 0;
    answer = [{ id: 1, changed_at: "2026-03-01T10:00:00Z", state: "open" }];
    await company.load([job], { environment });
    answer = [{ id: 1, changed_at: "2026-03-01T12:00:00Z", state: "done" }];
    expect(account(stepOf(await company.load([job], { environment }), "tickets"))).toMatchObject({
      read: 1,
      updated: 1,
    });
    await company.load([job], {
      environment,
      jobs: ["tickets"],
      backfill: { from: "2026-01-01", until: "2026-02-01" },
    });
    expect(asked.map(({ cursor, until }) => [cursor, until])).toEqual([
      [null, null],
      ["2026-03-01T09:00:00Z", null],
      ["2026-01-01", "2026-02-01"],
    ]);
    expect(asked[0]).toMatchObject({
      job: "tickets",
      options: { list: "open" },
      settings: { token: "s3cret-token", region: "north" },
      folder: company.folder,
    });
    // a backfill does not move the cursor
    expect((await company.manifest())?.watermarks).toEqual({ tickets: "2026-03-01T12:00:00Z" });
  });

  it("has rows rejected that JSON cannot hold, by column and reason, and loads the others", async () => {
    answer = [
      { id: 1, changed_at: "2026-03-01", amount: Number.NaN },
      { id: 2, changed_at: "2026-03-02", amount: 1 },
      { id: 3, changed_at: new Date("never"), amount: 1 },
      "not a row" as unknown as CustomRow,
      ...Array.from({ length: 40 }, (_, i) => ({ id: 10 + i, changed_at: "2026-03-02", amount: i })),
    ];
    const step = stepOf(await company.load([job], { environment }), "tickets");
    expect(step).toMatchObject({ read: 44, added: 41, rejected: 3 });
    expect(step.rejects?.map(({ reason, column }) => [column, reason]).sort()).toEqual([
      [null, "the row is not an object"],
      ["amount", "not a number: NaN"],
      ["changed_at", "invalid date"],
    ]);
  });

  it("that fails ends the load, publishes nothing, and shows no secret", async () => {
    const failing = defineSource({
      name: "failing",
      settings: { token: env("TICKETS_TOKEN") },
      async *rows({ settings }) {
        yield { id: 1 };
        throw new Error(`401 for ${settings["token"]}`);
      },
    });
    const run = company.load([defineJob({ name: "f", source: failing, extract: {}, into: { table: "f" } })], {
      environment,
    });
    const error = (await run.catch((thrown: unknown) => thrown)) as Error & { code: string };
    expect([error.code, error.message]).toEqual([
      "source-unavailable",
      'source "failing" failed: 401 for (TICKETS_TOKEN)',
    ]);
    expect(await company.manifest()).toBeUndefined();
  });

  it("is tested by its own test, or by its first row", async () => {
    answer = [{ id: 1 }];
    expect(await testSource(tickets, company.folder, environment)).toBe("gives rows");
    const own = defineSource({ ...tickets, test: async ({ settings }) => `region ${settings["region"]} answers` });
    expect(await testSource(own, company.folder, environment)).toBe("region north answers");
    await expect(testSource(tickets, company.folder, {})).rejects.toMatchObject({ code: "secret-missing" });
  });
});
