import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../api/app.ts";
import { startServer } from "../../api/server.ts";
import { openSmallShop, type SmallShop } from "./support/small-shop.ts";

let shop: SmallShop;
let app: ReturnType<typeof createApp>;
const failures: unknown[] = [];
beforeAll(async () => {
  shop = await openSmallShop();
  app = createApp({
    project: shop.project,
    log: ({ level, error }) => {
      if (level === "error") failures.push(error);
    },
  });
});
afterAll(() => shop.close());

const json = { "Content-Type": "application/json" };
const post = (path: string, body: string, headers: Record<string, string> = json) =>
  app.request(path, { method: "POST", body, headers });

describe("problems", () => {
  test("name what is wrong, where, and what to do", async () => {
    const response = await post(
      "/v1/query",
      JSON.stringify({ measures: ["sales.revenu"], dimensions: ["customer.country"] }),
    );
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    expect(await response.json()).toMatchObject({
      code: "unknown-member",
      status: 400,
      detail: expect.stringContaining("did you mean"),
      place: expect.any(String),
      type: "/docs#problem-unknown-member",
    });
  });
  test("broken JSON, a wrong type and an empty body say so", async () => {
    expect(await (await post("/v1/query", "{")).json()).toMatchObject({
      code: "bad-request",
      detail: expect.stringContaining("invalid JSON"),
    });
    expect(await (await post("/v1/query", "{}", { "Content-Type": "text/plain" })).json()).toMatchObject({
      code: "bad-request",
      place: "Content-Type header",
    });
    expect((await app.request("/v1/query", { method: "POST" })).status).toBe(400);
    expect(await (await post("/v1/query", JSON.stringify({ measures: "x", nonsense: 1 }))).json()).toMatchObject({
      problems: [{ place: "$.measures" }, {}],
    });
  });
  test("nesting without end is refused before anything walks it", async () => {
    const deep = `{"measures":["sales.revenue"],"filters":[${'{"not":'.repeat(5000)}{"segment":"good"}${"}".repeat(5000)}]}`;
    expect(await (await post("/v1/query", deep)).json()).toMatchObject({
      code: "bad-request",
      detail: expect.stringContaining("64 levels"),
    });
    expect(
      (await app.request(`/v1/query?q=${encodeURIComponent(`${"[".repeat(3000)}${"]".repeat(3000)}`)}`)).status,
    ).toBe(400);
  });
  test("a body beyond the limit is 413", async () => {
    expect(
      (
        await post("/v1/query", JSON.stringify({ measures: ["x".repeat(2_000_000)] }), {
          ...json,
          "Content-Length": "2000020",
        })
      ).status,
    ).toBe(413);
  });
  test("a wrong method tells the right ones, an unknown path the nearest", async () => {
    const wrong = await app.request("/v1/catalog", { method: "DELETE" });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("GET, HEAD");
    expect(await (await app.request("/v1/querry")).json()).toMatchObject({
      code: "not-found",
      detail: expect.stringContaining("/v1/query"),
    });
  });
  test("a person gets a page, with everything escaped", async () => {
    const response = await app.request("/dashboards/%3Cscript%3Ealert(1)%3C/script%3E", {
      headers: { Accept: "text/html" },
    });
    expect(response.status).toBe(404);
    const text = await response.text();
    expect(text).toContain("<!doctype html>");
    expect(text).not.toContain("<script>alert");
  });
  test("an empty warehouse is 503 with the route that fills it", async () => {
    const empty = await openSmallShop({ load: false });
    try {
      const bare = createApp({ project: empty.project });
      expect(await (await bare.request("/v1/goals")).json()).toMatchObject({
        code: "no-version",
        remedy: expect.stringContaining("POST /v1/jobs"),
      });
      expect((await bare.request("/ready")).status).toBe(503);
      expect((await bare.request("/health")).status).toBe(200);
      for (const path of ["/", "/explore", "/customers", "/segments", "/model"])
        expect((await bare.request(path, { headers: { Accept: "text/html" } })).status).toBe(503);
      expect((await bare.request("/data", { headers: { Accept: "text/html" } })).status).toBe(200);
    } finally {
      await empty.close();
    }
  });
});

describe("headers", () => {
  test("scripts and styles come from here alone, frames and guesses are refused", async () => {
    const { headers } = await app.request("/");
    const policy = headers.get("content-security-policy")!;
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain("unsafe");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
  test("pages have no inline script, no inline style and no address beyond this server", async () => {
    for (const path of [
      "/",
      "/explore?measures=sales.revenue&by=customer.country&explain=1",
      "/data",
      "/model",
      "/segments",
      "/customers",
      "/customers/9",
      "/docs",
    ]) {
      const text = await (await app.request(path, { headers: { Accept: "text/html" } })).text();
      expect(text, path).not.toMatch(/<script(?![^>]*(src=|type="application\/json"))/);
      expect(text, path).not.toMatch(/<style|\sstyle="|\son\w+="/);
      expect(text.replaceAll("http://www.w3.org/", ""), path).not.toMatch(/(src|href)="(https?:)?\/\//);
    }
  });
  test("a name that is not loopback is refused, whatever it resolves to", async () => {
    for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0"])
      expect((await app.request("/v1/catalog", { headers: { Host: host } })).status).toBe(403);
    for (const host of ["localhost:4100", "127.0.0.1", "[::1]:80"])
      expect((await app.request("/v1/catalog", { headers: { Host: host } })).status).toBe(200);
  });
  test("another site cannot make this server do something", async () => {
    expect((await post("/v1/query", "{}", { ...json, Origin: "https://evil.example" })).status).toBe(403);
    expect(
      (
        await post("/data/run", "", {
          "Content-Type": "application/x-www-form-urlencoded",
          "Sec-Fetch-Site": "cross-site",
        })
      ).status,
    ).toBe(403);
  });
});

describe("nonsense", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "'; drop table orders; --",
      "__proto__",
      "constructor",
      "../../etc/passwd",
      "%00",
      "\u0000",
      "NaN",
      "-1",
      "1e999",
      "sales.revenue",
      "customer.country",
      "date",
      "null",
      "[]",
      "{}",
      "$1",
      "🙂".repeat(50),
    ),
  );
  const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(
        fc.constantFrom(
          "member",
          "operator",
          "values",
          "and",
          "or",
          "not",
          "segment",
          "measures",
          "dimensions",
          "__proto__",
          "toString",
        ),
        tie("any"),
        { maxKeys: 4 },
      ),
    ),
  })).any;
  const query = fc.record(
    {
      measures: fc.oneof(
        fc.array(fc.oneof(fc.constantFrom("sales.revenue", "service.cases"), text, value), { maxLength: 3 }),
        value,
      ),
      dimensions: fc.oneof(
        fc.array(fc.oneof(fc.constantFrom("customer.country", "date.month"), text), { maxLength: 3 }),
        value,
      ),
      filters: value,
      totals: value,
      top: value,
      order: value,
      compare: value,
      limit: value,
      pivot: value,
      history: value,
      timeZone: text,
      now: text,
      cursor: text,
      cell: value,
      over: value,
    },
    { requiredKeys: [] },
  );

  /** Every path and method of the OpenAPI document; runs and rollbacks are left to a test of their own. */
  const routes = async (): Promise<{ path: string; method: string }[]> => {
    const { paths } = (await (await app.request("/openapi.json")).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    return Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => ({ path, method: method.toUpperCase() })),
    );
  };

  test("posted to every route of the OpenAPI document is never an error of ours", async () => {
    for (const { path, method } of await routes()) {
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(text, fc.constantFrom("customer.country", "overview", "rfm", "orders", "7")),
          fc.oneof(query, value),
          text,
          fc.integer({ min: 0, max: 15 }),
          async (parameter, body, word, which) => {
            const filled = path.replace(/\{[^}]+\}/g, encodeURIComponent(parameter || "x"));
            const words = ["search", "limit", "format", "version"]
              .filter((_, i) => (which >> i) % 2 === 1)
              .map((name) => `&${name}=${encodeURIComponent(word)}`)
              .join("");
            const address = `${filled}?q=${encodeURIComponent(JSON.stringify(body) ?? "")}${words}`;
            const response = await app.request(
              method === "GET" ? address : filled,
              method === "GET" ? {} : { method, headers: json, body: JSON.stringify(body) ?? "" },
            );
            expect(response.status, `${method} ${address}`).not.toBe(500);
            if (response.status >= 400) expect(response.headers.get("content-type")).toMatch(/json|html/);
            await response.body?.cancel();
          },
        ),
        { numRuns: path === "/v1/query" ? 150 : 25, seed: 7 },
      );
    }
    expect(failures).toEqual([]);
  }, 180_000);

  test("in the address of every page is never an error of ours", async () => {
    const names = [
      "measures",
      "by",
      "across",
      "where",
      "filters",
      "period",
      "on",
      "compare",
      "sort",
      "limit",
      "chart",
      "calculate",
      "segment",
      "pick",
      "cell",
      "from",
      "until",
      "condition-member",
      "condition-operator",
      "condition-value",
      "customer.country",
      "search",
      "measure",
      "q",
      "version",
      "format",
    ];
    const member = fc.oneof(
      text,
      fc.constantFrom(
        "sales.revenue",
        "sales.orders",
        "customer.country",
        "customer.country:Germany|",
        "date.month:gt:x",
        "2025",
        "last 3 months",
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          "/",
          "/dashboards/overview",
          "/explore",
          "/explore/rows",
          "/customers",
          "/segments",
          "/data",
          "/model",
        ),
        fc.array(fc.tuple(fc.constantFrom(...names), member), { maxLength: 6 }),
        async (path, pairs) => {
          const address = `${path}?${pairs.map(([n, v]) => `${n}=${encodeURIComponent(v)}`).join("&")}`;
          const response = await app.request(address, { headers: { Accept: "text/html" } });
          expect(response.status, address).not.toBe(500);
        },
      ),
      { numRuns: 250, seed: 11 },
    );
    expect(failures).toEqual([]);
  }, 180_000);

  test("on the wire leaves the server answering", async () => {
    const server = await startServer({ project: shop.project, port: 0 });
    try {
      for (const bytes of [
        "GET / HTTP/1.1\r\n\r\n",
        "\u0016\u0003\u0001",
        "GET /%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        `GET /${"a".repeat(30_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
        "GET //evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
      ]) {
        await new Promise<void>((resolve) => {
          const socket = connect(server.port, "127.0.0.1", () => {
            socket.write(bytes);
            setTimeout(() => {
              socket.destroy();
              resolve();
            }, 60);
          });
          socket.on("error", () => resolve());
        });
      }
      expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ status: "ok" });
    } finally {
      await server.close(200);
    }
  });
});

describe("the server", () => {
  test("says that its port is taken and what to do", async () => {
    const first = await startServer({ project: shop.project, port: 0 });
    await expect(startServer({ project: shop.project, port: first.port })).rejects.toMatchObject({
      code: "port-in-use",
      remedy: expect.stringContaining("--port"),
    });
    await first.close();
  });
  test("refuses to listen beyond this machine", async () => {
    for (const host of ["0.0.0.0", "192.168.1.5", "example.org"])
      await expect(startServer({ project: shop.project, port: 0, host })).rejects.toMatchObject({
        code: "forbidden",
        place: "--host",
      });
  });
  test("answers health at once while heavy queries run", async () => {
    const server = await startServer({ project: shop.project, port: 0 });
    const heavy = Array.from({ length: 10 }, (_, i) =>
      fetch(`${server.url}/v1/query`, {
        method: "POST",
        headers: json,
        body: JSON.stringify({
          measures: ["sales.revenue", "sales.buyers"],
          dimensions: ["customer.name", "date.day", "sales.product"],
          totals: true,
          limit: 1000 + i,
        }),
      }),
    );
    let answered = 0;
    for (const each of heavy) void each.then(() => answered++);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    // it did not wait for its turn behind them
    expect(answered).toBeLessThan(heavy.length);
    for (const answer of await Promise.all(heavy)) expect(answer.status).toBe(200);
    await server.close();
  });
});
