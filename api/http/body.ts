/** Reads JSON out of a request: bounded in bytes by the server and in depth here, never more than it says it is. */
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { z } from "@hono/zod-openapi";
import { TesseraError, type Problem, phrase } from "../../engine/errors/index.ts";

/** Levels of nesting a body or `?q=` may have. */
export const MOST_DEPTH = 64;

/** Depth of brackets in JSON text, without parsing it: a parser's or checker's own recursion must not be the limit. */
export const jsonDepth = (text: string): number => {
  let depth = 0,
    deepest = 0,
    inText = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inText) {
      if (code === 92) i++;
      else if (code === 34) inText = false;
      continue;
    }
    if (code === 34) inText = true;
    else if (code === 123 || code === 91) {
      if (++depth > deepest) deepest = depth;
    } else if (code === 125 || code === 93) depth--;
  }
  return deepest;
};

/** @throws TesseraError bad-request for text that is no JSON or is nested too deeply */
export const parseJson = (text: string, place: string): unknown => {
  if (jsonDepth(text) > MOST_DEPTH)
    throw new TesseraError("bad-request", phrase`the JSON is nested more than ${MOST_DEPTH} levels deep`, {
      place,
      remedy: "flatten the filter: `and` and `or` take any number of parts",
    });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TesseraError(
      "bad-request",
      text.trim() === ""
        ? "the body is empty where JSON is expected"
        : `this is no JSON: ${(error as Error).message.slice(0, 200)}`,
      { place, remedy: "send a JSON object" },
    );
  }
};

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}.${String(part)}`), "$");

/** A checker's issues as problems with their JSON path. */
export const problemsOf = (error: z.ZodError, where: string): Problem[] =>
  error.issues.slice(0, 20).map((issue) => ({
    code: "bad-request",
    message: issue.message.slice(0, 500),
    place: `${where}${pathOf(issue.path).slice(1)}`,
  }));

/** Checks a value against a schema. @throws TesseraError bad-request with each problem's path */
export const checked = <S extends z.ZodType>(schema: S, value: unknown, where: string): z.infer<S> => {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw TesseraError.of(problemsOf(parsed.error, where));
  return parsed.data;
};

/** No body beyond `maxSize` bytes: by what it says it is, else by counting. Asking a request for its stream makes a whole Request of it, so that is left to bodies without a length. */
export const bodyWithin = (maxSize: number): MiddlewareHandler => {
  const refuse = (): never => {
    throw new TesseraError("too-large", phrase`the body is larger than ${Math.floor(maxSize / 1024)} KiB`, {
      remedy: "send a smaller query; long lists of values belong into a segment",
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

/** Looks at every JSON body of the API before anything else does: its type, its depth, that it is JSON at all. */
export const jsonGuard: MiddlewareHandler = async (c, next) => {
  if (c.req.method === "POST" || c.req.method === "PUT") {
    const text = await c.req.text();
    const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
    if (text !== "" && type !== "application/json" && !type?.endsWith("+json")) {
      throw new TesseraError(
        "bad-request",
        type === undefined ? "the body has no type" : `a body of type ${type.slice(0, 60)} is not understood`,
        { place: "Content-Type header", remedy: "send JSON with Content-Type: application/json" },
      );
    }
    if (text !== "") parseJson(text, "$");
  }
  await next();
};
