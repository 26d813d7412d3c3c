/** What a route's handler finds in its context. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { negotiate } from "../exports/negotiate.ts";
import { readerOf, type Reader, type Use } from "../services/reader.ts";
import type { Services } from "../services/services.ts";

export interface Environment {
  Variables: { services: Services };
  /** given by callers within this process; a request over HTTP cannot set them */
  Bindings: { readonly isWarming?: boolean };
}

export type App = OpenAPIHono<Environment>;

const useOf = (c: Context<Environment>): Use => {
  if (c.env?.isWarming === true) return "warming";
  if (!c.req.path.startsWith("/v1/")) return "page";
  return negotiate(c.req.query("format"), c.req.header("accept")).name === "json" ? "query" : "export";
};

/**
 * The request's view of the data. `?version=` selects another version than the current one.
 * @throws TesseraError `bad-request`, `no-version`, `version-gone`
 */
export const readerFor = (c: Context<Environment>): Reader => {
  const text = c.req.query("version");
  if (text !== undefined && !/^\d{1,9}$/.test(text))
    throw new TesseraError("bad-request", phrase`data version "${text.slice(0, 40)}" is not a number`, {
      place: "?version",
      remedy: "use a version's number, or omit it for the current version",
    });
  return readerOf(c.var.services, useOf(c), c.req.raw.signal, text === undefined ? undefined : Number(text));
};
