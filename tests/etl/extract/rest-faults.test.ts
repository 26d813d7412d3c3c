import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineJob, env, rest, type RestExtract, type RestSpec } from "../../../etl/index.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";
import { startService, type Answer, type Call, type Service } from "../_service.ts";

let company: Company;
let service: Service;
let answer: (call: Call) => Answer;
beforeEach(async () => {
  company = makeCompany();
  service = await startService((call) => answer(call));
});
afterEach(async () => {
  await service.stop();
  company.remove();
});

const rows = Array.from({ length: 50 }, (_, i) => ({ id: i + 1, v: `v${i + 1}` }));
const environment = (): Record<string, string> => ({
  BASE: service.url,
  TOKENS: `${service.url}/token`,
  ID: "client",
  SECRET: "cl1ent-secret",
});
const job = (spec: Partial<RestSpec> = {}, extract: Partial<RestExtract> = {}) =>
  defineJob({
    name: "r",
    source: rest({ name: "s", baseUrl: env("BASE"), retries: 2, ...spec }),
    extract: { path: "/r", records: "$.data", ...extract },
    into: { table: "r", mode: "merge", key: "id" },
  });
const load = async (one = job()) => stepOf(await company.load([one], { environment: environment() }), "r");
const offsets = { kind: "offset", size: 10, total: "$.total" } as const;
const page = (all: readonly unknown[], call: Call, size = 10): Answer => {
  const from = Number(call.url.searchParams.get("offset") ?? 0);
  return { json: { data: all.slice(from, from + size), total: all.length } };
};

describe("a token by client credentials", () => {
  const oauth = {
    oauth: { tokenUrl: env("TOKENS"), clientId: env("ID"), clientSecret: env("SECRET"), scope: "read" },
  } as const;

  it("F12: a token that expires in the middle of the pages is renewed, and fetched once otherwise", async () => {
    let [issued, uses] = [0, 0];
    answer = (call) => {
      if (call.url.pathname === "/token")
        return { json: { access_token: `t${++issued}`, expires_in: 3600, token_type: "Bearer" } };
      // a token is refused at each third request, whatever its date says
      if (call.token !== `Bearer t${issued}` || ++uses % 3 === 0) return { status: 401 };
      return page(rows, call);
    };
    expect(account(await load(job({ auth: oauth }, { pagination: offsets })))).toMatchObject({ read: 50, added: 50 });
    expect(issued).toBe(3);
    const first = service.calls[0]!;
    expect(Object.fromEntries(new URLSearchParams(first.body))).toEqual({
      grant_type: "client_credentials",
      scope: "read",
      client_id: "client",
      client_secret: "cl1ent-secret",
    });
  });

  it("F12: a token that is refused again after it was renewed ends the load, and the secret is in no message", async () => {
    answer = (call) =>
      call.url.pathname === "/token" ? { json: { access_token: "t", expires_in: 60 } } : { status: 401 };
    const error = await load(job({ auth: oauth })).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: "source-refused", message: "the service answered 401 for /r" });
    expect(service.calls.filter((call) => call.url.pathname === "/token")).toHaveLength(2);
    answer = () => ({ status: 400, json: { error: "invalid_client", error_description: "cl1ent-secret is wrong" } });
    const refused = await load(job({ auth: oauth })).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(refused).toMatchObject({ code: "source-refused", message: "the token service answered 400" });
    expect(JSON.stringify([error, refused])).not.toContain("cl1ent-secret");
  });

  it("is asked for with basic authentication where the service wants that, again when the token service is busy", async () => {
    let busy = 2;
    answer = (call) => {
      if (call.url.pathname !== "/token") return page(rows, call);
      return busy-- > 0 ? { status: 503 } : { json: { access_token: "t" } };
    };
    expect(
      account(await load(job({ auth: { oauth: { ...oauth.oauth, clientAuthentication: "basic" } } }))),
    ).toMatchObject({ read: 10 });
    expect(service.calls[0]!.token).toBe(`Basic ${Buffer.from("client:cl1ent-secret").toString("base64")}`);
  });
});

describe("a list that changes while it is read", () => {
  it("F12: is read again when its total changes between pages, until it keeps still: no row is missing", async () => {
    let reads = 0;
    answer = (call) => {
      // after the second page a row of the first is gone: everything moves up by one
      const moved = reads++ >= 2;
      return page(moved ? rows.slice(1) : rows, call);
    };
    const step = await load(job({}, { pagination: offsets }));
    expect(account(step)).toMatchObject({ read: 49, added: 49 });
    expect(await company.rows("select min(id), count(distinct id) from r")).toEqual([["2", "49"]]);
  });

  it("F12: and whose total never keeps still ends the load", async () => {
    let n = 100;
    answer = (call) => ({ json: { ...(page(rows, call).json as object), total: n++ } });
    await expect(load(job({}, { pagination: offsets }))).rejects.toMatchObject({
      code: "source-unavailable",
      message: expect.stringContaining("changed during each of 4 reads"),
    });
    expect(await company.manifest()).toBeUndefined();
  });

  it("F12: and ends before the total it announced is read again", async () => {
    let first = true;
    answer = (call) => {
      const from = Number(call.url.searchParams.get("offset"));
      if (from === 20 && first) return ((first = false), { json: { data: [], total: 50 } });
      return page(rows, call);
    };
    expect(account(await load(job({}, { pagination: offsets })))).toMatchObject({ read: 50 });
  });
});

describe("an answer", () => {
  it("F4: with an error inside and status 200 is asked for again, then refused", async () => {
    answer = () => ({ json: { data: [], errors: [{ message: "timeout" }] } });
    await expect(load(job({ errorAt: "$.errors" }))).rejects.toMatchObject({
      code: "source-unavailable",
      message: expect.stringContaining("an error at $.errors, 3 times"),
    });
    answer = (call) => ({ json: { ...(page(rows, call).json as object), errors: [] } });
    expect(account(await load(job({ errorAt: "$.errors" })))).toMatchObject({ read: 10 });
  });

  it("that sends elsewhere is not followed, so that no token leaves", async () => {
    const other = await startService(() => ({ json: { data: rows } }));
    answer = () => ({ status: 302, headers: { location: `${other.url}/r` } });
    await expect(load(job({ auth: { bearer: "t0ken" } }))).rejects.toMatchObject({
      code: "source-refused",
      message: expect.stringContaining("redirects are not followed"),
    });
    expect(other.calls).toEqual([]);
    await other.stop();
  });

  it("F12: of truncated JSON is never half taken", async () => {
    let torn = 3;
    answer = (call) => (torn-- > 0 ? { text: '{"data":[{"id":1,"v":"x"},{"id":' } : page(rows, call));
    await expect(load()).rejects.toMatchObject({
      code: "source-unavailable",
      message: expect.stringContaining("is not JSON"),
    });
    expect(account(await load())).toMatchObject({ read: 10 });
  });

  it("F12: of 429 or 503 says by Retry-After how long to wait, in seconds or by a date, and that is done", async () => {
    let n = 0;
    const times: number[] = [];
    answer = (call) => {
      times.push(Date.now());
      n++;
      if (n === 1) return { status: 429, headers: { "retry-after": "1" } };
      if (n === 2) return { status: 503, headers: { "retry-after": new Date(Date.now() + 2000).toUTCString() } };
      return page(rows, call);
    };
    await load();
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(990);
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(900);
  });

  it("comes no more often than the limit says", async () => {
    answer = (call) => page(rows, call);
    const began = Date.now();
    await load(job({ rateLimit: { perSecond: 10 } }, { pagination: { kind: "offset", size: 10 } }));
    expect(service.calls).toHaveLength(6);
    expect(Date.now() - began).toBeGreaterThanOrEqual(490);
  });

  it("F8: of the same page twice has its effect once", async () => {
    answer = (call) => {
      const at = call.url.searchParams.get("cursor");
      return { json: { data: rows.slice(0, 10), next: at === null ? "again" : null } };
    };
    expect(account(await load(job({}, { pagination: { kind: "cursor", next: "$.next" } })))).toMatchObject({
      read: 20,
      added: 10,
      unchanged: 10,
    });
  });
});
