import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineJob, env, rest, type RestExtract } from "../../../etl/index.ts";
import type { Pagination } from "../../../etl/declare/sources/index.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";

interface Case {
  readonly id: number;
  readonly amount: number;
  readonly updated_at: string;
}

const cases: Case[] = Array.from({ length: 25 }, (_, i) => ({
  id: i + 1,
  amount: 1.5,
  updated_at: `2024-01-${String(i + 1).padStart(2, "0")}T00:00:00Z`,
}));
let company: Company;
let server: Server;
let url: string;
/** answers before the service's own, as long as there are any */
let faults: ((request: IncomingMessage, response: ServerResponse) => void)[];
let requests: string[];
let tokens: (string | undefined)[];

beforeEach(async () => {
  company = makeCompany();
  faults = [];
  requests = [];
  tokens = [];
  server = createServer((request, response) => {
    requests.push(request.url!);
    tokens.push(request.headers.authorization);
    const fault = faults.shift();
    if (fault) return fault(request, response);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  company.remove();
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { searchParams: query } = new URL(request.url!, url);
  const since = query.get("since");
  const all = cases.filter((each) => since === null || each.updated_at >= since.replace("+00:00", "Z"));
  const size = Number(query.get("limit") ?? 10);
  const from = query.has("page")
    ? (Number(query.get("page")) - 1) * size
    : Number(query.get("offset") ?? query.get("cursor") ?? 0);
  const data = all.slice(from, from + size);
  const next = from + size < all.length ? from + size : null;
  response.setHeader("content-type", "application/json");
  if (next !== null) response.setHeader("link", `<${url}/v1/cases?offset=${next}>; rel="next"`);
  response.end(JSON.stringify({ data, meta: { next: next === null ? null : String(next) } }, null, 1));
}

const source = (pagination: Pagination) =>
  rest({ name: "desk", baseUrl: env("DESK"), auth: { bearer: env("TOKEN") }, pagination, retries: 3 });
const job = (pagination: Pagination, extract: Partial<RestExtract> = {}) =>
  defineJob({
    name: "cases",
    source: source(pagination),
    extract: { path: "/v1/cases", records: "$.data", ...extract },
    into: { table: "cases", mode: "merge", key: "id" },
  });
const cursor: Pagination = { kind: "cursor", next: "$.meta.next" };
const load = (one: ReturnType<typeof job>) =>
  company.load([one], { environment: { DESK: url, TOKEN: "s3cret-token" } });

describe("a JSON service", () => {
  it.each<[string, Pagination, number]>([
    ["cursors", cursor, 3],
    ["numbered pages", { kind: "page", size: 10 }, 3],
    ["offsets", { kind: "offset", size: 10 }, 4],
    ["links", { kind: "link" }, 3],
  ])("is read to its end by %s", async (_name, pagination, pages) => {
    const step = stepOf(await load(job(pagination)), "cases");
    expect(account(step)).toMatchObject({ read: 25, added: 25 });
    expect(requests.length).toBe(pages);
    expect(tokens.every((token) => token === "Bearer s3cret-token")).toBe(true);
    expect(
      await company.rows("select count(distinct id), sum(amount), typeof(any_value(updated_at)) from cases"),
    ).toEqual([["25", "37.5", "TIMESTAMP WITH TIME ZONE"]]);
  });

  it("is read for changes since the last load", async () => {
    const one = job(cursor, { cursor: "updated_at", since: "since", lag: { days: 1 } });
    await load(one);
    expect((await company.manifest())!.watermarks).toEqual({ cases: "2024-01-25T00:00:00Z" });
    requests = [];
    const step = stepOf(await load(one), "cases");
    expect(requests).toEqual(["/v1/cases?since=2024-01-24T00%3A00%3A00Z"]);
    expect(account(step)).toMatchObject({ read: 2, unchanged: 2 });
  });

  it("F3: that is busy, fails, or disconnects in the middle of a page is read again, and no row comes twice", async () => {
    faults = [
      (_, response) => {
        response.writeHead(429, { "retry-after": "0" }).end();
      },
      (_, response) => {
        response.writeHead(503).end();
      },
      (_, response) => {
        response.end('{"data":[{"id":1,');
      },
      answer,
      (_, response) => {
        response.destroy();
      },
    ];
    const step = stepOf(await load(job(cursor)), "cases");
    expect(account(step)).toMatchObject({ read: 25, added: 25 });
    expect(requests.length).toBe(7);
  });

  it("F12: that always answers 500 ends the load after a limited number of tries, and nothing is published", async () => {
    faults = Array.from(
      { length: 50 },
      () => (_: IncomingMessage, response: ServerResponse) => void response.writeHead(500).end(),
    );
    await expect(load(job(cursor))).rejects.toMatchObject({
      code: "source-unavailable",
      message: expect.stringContaining("500, 4 times"),
    });
    expect(requests.length).toBe(4);
    expect(await company.manifest()).toBeUndefined();
  });

  it("F12: whose cursor never advances is an error, not a loop", async () => {
    const stuck = (_: IncomingMessage, response: ServerResponse): void =>
      void response.end(JSON.stringify({ data: [cases[0]], meta: { next: "same" } }));
    faults = Array.from({ length: 50 }, () => stuck);
    await expect(load(job(cursor))).rejects.toThrow(/pages repeat/);
    expect(requests.length).toBeLessThan(5);
  });

  it("F4: that sends an error page with status 200 deletes nothing", async () => {
    await load(job(cursor));
    const page = (_: IncomingMessage, response: ServerResponse): void =>
      void response.end(JSON.stringify({ error: "maintenance" }));
    faults = [page];
    await expect(load(job(cursor))).rejects.toMatchObject({ code: "source-refused" });
    expect(await company.rows("select count(*) from cases")).toEqual([["25"]]);
  });

  it("F4: that suddenly has no rows empties no table", async () => {
    const mirror = defineJob({ ...job(cursor), into: { table: "cases", mode: "replace" } });
    await load(mirror);
    faults = [(_, response) => void response.end(JSON.stringify({ data: [], meta: {} }))];
    await expect(load(mirror)).rejects.toMatchObject({ code: "too-few-rows" });
    expect(await company.rows("select count(*) from cases")).toEqual([["25"]]);
  });

  it("is not redirected to another host", async () => {
    faults = [
      (_, response) => void response.end(JSON.stringify({ data: [], meta: { next: "http://127.0.0.2:1/steal" } })),
    ];
    await expect(load(job(cursor))).rejects.toThrow(/another host/);
  });
});
