/** Request bodies: limits on size and depth, JSON, and the shape a schema asks for. */
import type { z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { problemsOfIssues } from "../schemas/issues.ts";

/** Levels of nesting that a body or `?q=` may have. */
export const MOST_DEPTH = 64;

const QUOTE = 34;
const BACKSLASH = 92;
const OPENING = new Set([91, 123]);
const CLOSING = new Set([93, 125]);

/** Depth of the brackets in JSON text. It does not parse: crafted nesting must not exhaust a parser's stack. */
export const jsonDepth = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString && code === BACKSLASH) i++;
    else if (code === QUOTE) inString = !inString;
    else if (!inString && OPENING.has(code)) deepest = Math.max(deepest, ++depth);
    else if (!inString && CLOSING.has(code)) depth--;
  }
  return deepest;
};

/** @param place where the text comes from @throws TesseraError `bad-request` for invalid or too deeply nested JSON */
export const parseJson = (text: string, place: string): unknown => {
  if (text.trim() === "")
    throw new TesseraError("bad-request", "the body is empty", { place, remedy: "send a JSON object" });
  if (jsonDepth(text) > MOST_DEPTH)
    throw new TesseraError("bad-request", phrase`the JSON is nested deeper than ${MOST_DEPTH} levels`, {
      place,
      remedy: "flatten the filter: `and` and `or` take any number of parts",
    });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TesseraError("bad-request", "invalid JSON", { place, remedy: "send a JSON object", cause: error });
  }
};

/** Checks a value against a schema. @throws TesseraError `bad-request` with the path of each problem */
export const checked = <S extends z.ZodType>(schema: S, value: unknown, where: string): z.infer<S> => {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw TesseraError.of(problemsOfIssues(parsed.error, where));
  return parsed.data;
};

/**
 * Refuses bodies larger than `maxSize` bytes: by their Content-Length, else by counting.
 * Counting needs the request's stream, which is slow, so it is left to bodies without a length.
 */
export const bodyWithin = (maxSize: number): MiddlewareHandler => {
  const refuse = (): never => {
    throw new TesseraError("too-large", phrase`the body is larger than ${Math.floor(maxSize / 1024)} KiB`, {
      remedy: "send a smaller query: put long lists of values into a segment",
    });
  };
  const counted = bodyLimit({ maxSize, onError: refuse });
  return (c, next) => {
    if (c.req.method === "GET" || c.req.method === "HEAD") return next();
    const length = c.req.header("content-length");
    if (length === undefined || c.req.header("transfer-encoding") !== undefined) return counted(c, next);
    return Number(length) <= maxSize ? next() : refuse();
  };
};

const isJson = (type: string | undefined): boolean => type === "application/json" || (type?.endsWith("+json") ?? false);

/** Checks every JSON body of the API before its route sees it: media type, depth, syntax. */
export const jsonGuard: MiddlewareHandler = async (c, next) => {
  if (c.req.method === "POST" || c.req.method === "PUT") {
    const text = await c.req.text();
    const type = c.req.header("content-type")?.split(";", 1).join().trim().toLowerCase();
    if (text !== "" && !isJson(type)) {
      const message =
        type === undefined ? "the body has no media type" : phrase`media type "${type.slice(0, 60)}" is not supported`;
      throw new TesseraError("bad-request", message, {
        place: "Content-Type header",
        remedy: "send JSON with Content-Type: application/json",
      });
    }
    if (text !== "") parseJson(text, "$");
  }
  await next();
};
