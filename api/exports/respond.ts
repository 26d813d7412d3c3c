/** Answers with a result in the form the caller asked for, or with 304 where he has it already. */
import type { Context } from "hono";
import type { Query, Result } from "../../engine/model/query.ts";
import type { Reader } from "../http/reader.ts";
import type { Services } from "../http/services.ts";
import { pivot } from "../../engine/query/language/pivot.ts";
import { csv } from "./csv.ts";
import { FORMS, negotiate, type Form } from "./negotiate.ts";
import { xlsx } from "./xlsx.ts";

export interface Answerable {
  /** everything that decides the answer */
  readonly question: unknown;
  readonly title: string;
  readonly result: () => Promise<Result>;
  /** the Arrow stream; absent where the answer has none of its own */
  readonly arrow?: () => Promise<Uint8Array>;
  /** the Parquet file; likewise */
  readonly parquet?: () => Promise<Uint8Array>;
}

const fileName = (title: string, form: Form): string =>
  `${
    title
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 80)
      .toLowerCase() || "result"
  }.${form}`;

/** `revenue by country`, from a query's members. */
export const titleOfQuery = (query: Query, result?: Result): string => {
  const name = (member: string): string =>
    result?.columns.find((c) => c.name === member)?.title ?? member.split(".").at(-1)!.replaceAll("_", " ");
  const measures = query.measures.map((m) => (typeof m === "string" ? name(m) : (m.title ?? m.name)));
  const by = (query.dimensions ?? []).map(name);
  return `${measures.slice(0, 3).join(", ")}${by.length > 0 ? ` by ${by.join(", ")}` : ""}`;
};

const ok = (
  c: Context,
  body: string | Uint8Array<ArrayBuffer>,
  type: string,
  tag: string,
  name: string | null,
): Response =>
  c.body(body, 200, {
    "Content-Type": type,
    ETag: tag,
    Vary: "Accept",
    ...(name !== null && {
      "Content-Disposition": `attachment; filename="${name.replace(/[^\x20-\x7e]/g, "_")}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    }),
  });

export const respond = async (
  c: Context,
  services: Services,
  reader: Reader,
  answerable: Answerable,
): Promise<Response> => {
  const raw = c.req.query("raw") === "1";
  const titles = c.req.query("titles") === "1";
  const across = (answerable.question as Partial<Query> | null)?.pivot?.columns ?? [];
  const form = negotiate(c.req.query("format"), c.req.header("accept"));
  if ((form === "arrow" && !answerable.arrow) || (form === "parquet" && !answerable.parquet)) return respondAs("json");
  return respondAs(form);

  async function respondAs(as: Form): Promise<Response> {
    const tag = reader.etag(answerable.question, `${as}/${raw}/${titles}`);
    if (
      c.req.method === "GET" &&
      c.req
        .header("if-none-match")
        ?.split(",")
        .some((t) => t.trim().replace(/^W\//, "") === tag)
    )
      return c.body(null, 304, { ETag: tag, Vary: "Accept" });
    switch (as) {
      case "json":
        return ok(c, JSON.stringify(await answerable.result()), "application/json; charset=utf-8", tag, null);
      case "csv":
        return ok(
          c,
          csv(pivot(await answerable.result(), across), { raw, titles }),
          "text/csv; charset=utf-8",
          tag,
          fileName(answerable.title, as),
        );
      case "arrow":
        return ok(c, new Uint8Array(await answerable.arrow!()), FORMS.arrow, tag, fileName(answerable.title, as));
      case "parquet":
        return ok(c, new Uint8Array(await answerable.parquet!()), FORMS.parquet, tag, fileName(answerable.title, as));
      case "xlsx": {
        const result = pivot(await answerable.result(), across);
        const now = services.clock();
        const about = [
          ["Question", JSON.stringify(answerable.question)],
          ["Data version", String(reader.manifest.version)],
          ["Published", reader.manifest.publishedAt],
          ["Asked", now.toISOString()],
          ["Rows", `${result.rows.length}${result.meta.truncated ? " (cut by the limit)" : ""}`],
        ] as const;
        return ok(
          c,
          new Uint8Array(await xlsx(result, { title: answerable.title, raw, about, asOf: now })),
          FORMS.xlsx,
          tag,
          fileName(answerable.title, as),
        );
      }
    }
  }
};
