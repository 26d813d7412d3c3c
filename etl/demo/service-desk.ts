import { at } from "../../engine/lookup.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

/** The demo's own secret: the service listens on loopback only and lives no longer than a load. */
export const DESK_TOKEN = "northgate-demo-desk";
const TABLES = ["contacts", "cases", "events", "surveys", "topics"] as const;
const MOST = 10_000;

export interface ServiceDesk {
  readonly url: string;
  close(): Promise<void>;
}

/** Rows of a table in the order of their last change, each as the JSON it was written in. */
function readRows(home: string): (table: string) => readonly string[] {
  const kept = new Map<string, readonly string[]>();
  return (table) => {
    let rows = kept.get(table);
    if (rows === undefined) {
      const text = readFileSync(join(home, "systems", "desk", `${table}.ndjson`), "utf8");
      rows = text.slice(0, -1).split("\n");
      kept.set(table, rows);
    }
    return rows;
  };
}

const changedAt = (row: string): string => /"(?:updated_at|at)":"([^"]*)"/.exec(row)?.[1] ?? "";

/** First row that changed at or after `since`. */
function firstSince(rows: readonly string[], since: string): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changedAt(at(rows, middle)) < since) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The service desk's API: `GET /v1/{contacts|cases|events|surveys|topics}?limit=&cursor=&updated_since=` with a bearer
 * token; `meta.next` is the next page's cursor, null at the end.
 */
export function serviceDeskApp(home: string, token: string = DESK_TOKEN): Hono {
  const rows = readRows(home);
  const app = new Hono();
  app.use("/v1/*", async (context, next) => {
    if (context.req.header("authorization") !== `Bearer ${token}`) return context.json({ error: "unauthorized" }, 401);
    await next();
  });
  app.get("/v1/:table", (context) => {
    const table = context.req.param("table");
    if (!TABLES.some((name) => name === table)) return context.json({ error: "not found" }, 404);
    const all = rows(table);
    const limit = Math.min(MOST, Math.max(1, Number(context.req.query("limit") ?? 1_000) || 1_000));
    const cursor = context.req.query("cursor");
    const since = context.req.query("updated_since");
    const begin = since === undefined ? 0 : firstSince(all, since);
    const from = cursor === undefined ? begin : Number.parseInt(cursor, 36);
    if (!Number.isInteger(from) || from < 0 || from > all.length) return context.json({ error: "bad cursor" }, 400);
    const until = Math.min(all.length, from + limit);
    const next = until < all.length ? `"${until.toString(36)}"` : "null";
    return context.body(
      `{"data":[${all.slice(from, until).join(",")}],"meta":{"next":${next},"total":${all.length}}}`,
      200,
      { "content-type": "application/json" },
    );
  });
  return app;
}

/** Serves the demo's service desk on a free port of the loopback. `home` is the demo's folder. */
export async function startServiceDesk(home: string, token: string = DESK_TOKEN): Promise<ServiceDesk> {
  const app = serviceDeskApp(home, token);
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, (address) => {
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        close: () =>
          new Promise((done, fail) => {
            server.close((error) => (error === undefined ? done() : fail(error)));
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      });
    });
    server.once("error", reject);
  });
}
