/** Answers with a result in the format the caller asks for, or with 304 when the caller has it already. */
import type { Context } from "hono";
import { present } from "../../engine/lookup.ts";
import type { Result } from "../../engine/model/query.ts";
import { pivot } from "../../engine/query/language/pivot.ts";
import { csv } from "../exports/csv.ts";
import { FORMS, negotiate, type Form } from "../exports/negotiate.ts";
import { xlsx } from "../exports/xlsx.ts";
import type { Reader } from "../services/reader.ts";
import type { Services } from "../services/services.ts";
import { attachment } from "./attachment.ts";

export interface Answerable {
  /** all that decides the answer */
  readonly question: unknown;
  /** dimensions laid out across in CSV and Excel */
  readonly across: readonly string[];
  readonly title: string;
  readonly result: () => Promise<Result>;
  /** the Arrow stream, where the answer has one */
  readonly arrow?: () => Promise<Uint8Array>;
  /** the Parquet file, where the answer has one */
  readonly parquet?: () => Promise<Uint8Array>;
}

interface Body {
  readonly bytes: string | Uint8Array<ArrayBuffer>;
  readonly type: string;
}

const fileName = (title: string, form: Form): string => {
  const slug = title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  return `${slug.slice(0, 80).toLowerCase() || "result"}.${form}`;
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

/** @param options `raw` keeps text that a spreadsheet would run; `titles` heads CSV columns with titles */
const bodyOf = async (
  form: Form,
  answerable: Answerable,
  options: { readonly raw: boolean; readonly titles: boolean },
  reader: Reader,
  now: Date,
): Promise<Body> => {
  switch (form) {
    case "json":
      return { bytes: JSON.stringify(await answerable.result()), type: "application/json; charset=utf-8" };
    case "csv":
      return {
        bytes: csv(pivot(await answerable.result(), answerable.across), options),
        type: "text/csv; charset=utf-8",
      };
    case "arrow":
      return { bytes: new Uint8Array(await present(answerable.arrow, "Arrow answer")()), type: FORMS.arrow };
    case "parquet":
      return { bytes: new Uint8Array(await present(answerable.parquet, "Parquet answer")()), type: FORMS.parquet };
    case "xlsx": {
      const result = pivot(await answerable.result(), answerable.across);
      const about = aboutSheet(answerable, result, reader, now);
      const book = await xlsx(result, { title: answerable.title, raw: options.raw, about, asOf: now });
      return { bytes: new Uint8Array(book), type: FORMS.xlsx };
    }
  }
};

/** @throws TesseraError `bad-request` for an unknown format, and all that computing the answer throws */
export const respond = async (
  c: Context,
  services: Services,
  reader: Reader,
  answerable: Answerable,
): Promise<Response> => {
  const options = { raw: c.req.query("raw") === "1", titles: c.req.query("titles") === "1" };
  const wanted = negotiate(c.req.query("format"), c.req.header("accept"));
  const missing = (wanted === "arrow" && !answerable.arrow) || (wanted === "parquet" && !answerable.parquet);
  const form = missing ? "json" : wanted;
  const tag = reader.etag(answerable.question, `${form}/${options.raw}/${options.titles}`);
  if (knows(c, tag)) return c.body(null, 304, { ETag: tag, Vary: "Accept" });
  const { bytes, type } = await bodyOf(form, answerable, options, reader, services.clock());
  return c.body(bytes, 200, {
    "Content-Type": type,
    ETag: tag,
    Vary: "Accept",
    ...(form !== "json" && { "Content-Disposition": attachment(fileName(answerable.title, form)) }),
  });
};
