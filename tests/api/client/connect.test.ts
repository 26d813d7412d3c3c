import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { connect, TesseraError, type Client } from "../../../api/client/index.ts";
import { startServer, type RunningServer } from "../../../api/server.ts";
import type { project as typed } from "../../engine/support/shop.ts";
import { openSmallShop, type SmallShop } from "../support/small-shop.ts";

let shop: SmallShop;
let server: RunningServer;
let client: Client;
beforeAll(async () => {
  shop = await openSmallShop();
  server = await startServer({ project: shop.project, port: 0 });
  client = connect({ url: server.url });
});
afterAll(async () => {
  await server?.close(200);
  await shop?.close();
});

describe("a client", () => {
  test("answers over HTTP what the open project answers", async () => {
    const query = { measures: ["sales.revenue"], dimensions: ["customer.country"], totals: true };
    const [here, there] = await Promise.all([shop.project.query(query), client.query(query)]);
    expect(there.rows).toEqual(here.rows);
    expect(there.totals).toEqual(here.totals);
    expect((await client.query(query, { version: there.meta.warehouseVersion! })).rows).toEqual(here.rows);
  });

  test("lists members, searched and limited", async () => {
    expect(await client.members("customer.country")).toEqual({
      values: ["France", "Germany", "Poland"],
      truncated: false,
    });
    expect((await client.members("customer.country", { search: "pol" })).values).toEqual(["Poland"]);
    expect(await client.members("customer.country", { limit: 1 })).toMatchObject({ truncated: true });
  });

  test("reads the catalog and explains an answer", async () => {
    expect((await client.catalog()).cubes.map((cube) => cube.name)).toEqual(
      shop.project.catalog().cubes.map((cube) => cube.name),
    );
    const { sql, tables } = await client.explain({ measures: ["sales.revenue"] });
    expect(sql.join()).toMatch(/select/i);
    expect(tables.length).toBeGreaterThan(0);
  });

  test("throws the server's code, message, place and remedy", async () => {
    const error = await client.query({ measures: ["sales.revenu"] }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TesseraError);
    expect(error).toMatchObject({ code: "unknown-member", place: expect.stringContaining("measures") as string });
    expect((error as TesseraError).message).toContain('did you mean "sales.revenue"?');
    await expect(client.query({ measures: ["sales.revenue"] }, { version: 999 })).rejects.toMatchObject({
      code: "version-gone",
      remedy: expect.any(String) as string,
    });
  });

  test("says that a server does not answer, and that a request was ended", async () => {
    await expect(connect({ url: "http://127.0.0.1:9" }).catalog()).rejects.toMatchObject({
      code: "source-unavailable",
      message: "http://127.0.0.1:9 does not answer",
    });
    await expect(client.catalog({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "cancelled" });
    const ended = new AbortController();
    ended.abort();
    await expect(connect({ url: server.url, signal: ended.signal }).catalog()).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  test("keeps a path in its address, sends by the function it is given, and knows a page that is not Tessera's", async () => {
    const asked: string[] = [];
    const behindProxy = connect({
      url: "https://example.com/crm",
      fetch: (input) => {
        asked.push(String(input));
        return Promise.resolve(
          new Response("<h1>Bad gateway</h1>", { status: 502, headers: { "content-type": "text/html" } }),
        );
      },
    });
    await expect(behindProxy.members("customer.name", { search: "a&b" })).rejects.toMatchObject({
      code: "source-unavailable",
      message: expect.stringContaining("502") as string,
    });
    expect(asked).toEqual(["https://example.com/crm/v1/members/customer.name?search=a%26b"]);
  });

  test("of a typed project knows members and rows at compile time", () => {
    const compiled = async (shopClient: Client<typeof typed>): Promise<void> => {
      const { rows } = await shopClient.query({ measures: ["sales.revenue"], dimensions: ["customer.country"] });
      expectTypeOf(rows[0]!).toHaveProperty("customer.country");
      // @ts-expect-error there is no measure sales.revenu
      await shopClient.query({ measures: ["sales.revenu"] });
      // @ts-expect-error there is no attribute customer.contry
      await shopClient.explain({ measures: ["sales.revenue"], dimensions: ["customer.contry"] });
    };
    expect(compiled).toBeTypeOf("function");
  });
});
