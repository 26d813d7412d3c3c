/** What a route's handler finds in its context. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { negotiate } from "../exports/negotiate.ts";
import { readerOf, type Reader } from "../http/reader.ts";
import type { Services } from "../http/services.ts";

export type Environment = { Variables: { services: Services } };
export type App = OpenAPIHono<Environment>;

/** The request's view of the data; `?version=` pins another version than the current one. */
export const readerFor = (c: Context<Environment>): Reader => {
  const text = c.req.query("version");
  if (text !== undefined && !/^\d{1,9}$/.test(text))
    throw new TesseraError("bad-request", phrase`${text.slice(0, 40)} is no data version`, {
      place: "?version",
      remedy: "give a version's number, or leave it out for the current one",
    });
  const use = !c.req.path.startsWith("/v1/")
    ? "page"
    : negotiate(c.req.query("format"), c.req.header("accept")) === "json"
      ? "query"
      : "export";
  return readerOf(c.var.services, use, c.req.raw.signal, text === undefined ? undefined : Number(text));
};
