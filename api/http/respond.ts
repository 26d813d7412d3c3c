/** Answers with a result in the format the caller asks for, or with 304 when the caller has it already. */
import type { Context } from "hono";
import type { Result } from "../../engine/model/query.ts";
import type { Exportable } from "../exports/export-format.ts";
import { FORMATS } from "../exports/formats.ts";
import { negotiate } from "../exports/negotiate.ts";
import type { Reader } from "../services/reader.ts";
import type { Services } from "../services/services.ts";
import { attachment } from "./attachment.ts";

export interface Answerable extends Exportable {
  /** all that decides the answer */
  readonly question: unknown;
}

const fileName = (title: string, extension: string): string => {
  const slug = title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  return `${slug.slice(0, 80).toLowerCase() || "result"}.${extension}`;
};

const knows = (c: Context, tag: string): boolean => {
  const known = c.req.header("if-none-match")?.split(",") ?? [];
  return c.req.method === "GET" && known.some((each) => each.trim().replace(/^W\//, "") === tag);
};

/** The sheet that says where an Excel answer comes from. */
const aboutSheet = (answerable: Answerable, result: Result, reader: Reader, now: Date) =>
  [
    ["Question", JSON.stringify(answerable.question)],
    ["Data version", String(reader.manifest.version)],
    ["Published", reader.manifest.publishedAt],
    ["Asked", now.toISOString()],
    ["Rows", `${result.rows.length}${result.meta.truncated ? " (cut by the limit)" : ""}`],
  ] as const;

/** @throws TesseraError `bad-request` for an unknown format, and all that computing the answer throws */
export const respond = async (
  c: Context,
  services: Services,
  reader: Reader,
  answerable: Answerable,
): Promise<Response> => {
  const now = services.clock();
  const options = { raw: c.req.query("raw") === "1", titles: c.req.query("titles") === "1" };
  const wanted = negotiate(c.req.query("format"), c.req.header("accept"));
  const format = wanted.suits?.(answerable) === false ? FORMATS[0] : wanted;
  const tag = reader.etag(answerable.question, `${format.name}/${options.raw}/${options.titles}`);
  if (knows(c, tag)) return c.body(null, 304, { ETag: tag, Vary: "Accept" });
  const written = await format.write(answerable, {
    ...options,
    asOf: now,
    about: (result) => aboutSheet(answerable, result, reader, now),
  });
  return c.body(typeof written === "string" ? written : new Uint8Array(written), 200, {
    "Content-Type": format.isText ? `${format.mediaType}; charset=utf-8` : format.mediaType,
    ETag: tag,
    Vary: "Accept",
    ...(format !== FORMATS[0] && { "Content-Disposition": attachment(fileName(answerable.title, format.name)) }),
  });
};
