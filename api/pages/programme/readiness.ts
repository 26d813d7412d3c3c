/** How ready the data are: how much is known of each member, what loads left out, how old data and models are. */
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { quoteIdentifier } from "../../../engine/warehouse/index.ts";

export interface Known {
  readonly title: string;
  readonly share: number;
}
export interface Readiness {
  readonly dimension: string;
  readonly members: number;
  readonly known: readonly Known[];
  readonly hoursOld: number;
  readonly stale: readonly string[];
  readonly unmined: readonly string[];
}

const MOST = 14;

export async function readinessOf(
  over: string,
  reader: Reader,
  { project, clock }: Services,
): Promise<Readiness | null> {
  const dimension = project.spec.dimensions.find((d) => d.name === over);
  if (!dimension || dimension.kind !== "dimension" || dimension.table === undefined) return null;
  const { table } = dimension;
  const columns = Object.entries(dimension.attributes)
    .flatMap(([name, a]) => {
      const sql = typeof a === "string" ? a : "sql" in a ? a.sql : undefined;
      return typeof sql === "string" && /^\w+$/.test(sql) && !(typeof a !== "string" && "bins" in a && a.bins)
        ? [{ title: (typeof a === "string" ? undefined : a.title) ?? name, sql }]
        : [];
    })
    .slice(0, MOST);
  if (columns.length === 0) return null;
  const open = dimension.history ? ` WHERE ${quoteIdentifier(dimension.history.until)} IS NULL` : "";
  const { rows } = await reader.remember(["readiness", over], (o) =>
    project.sql(
      `SELECT count(*)::INTEGER AS n, ${columns.map((c, i) => `count(${quoteIdentifier(c.sql)})::INTEGER AS c${i}`).join(", ")} FROM ${quoteIdentifier(table)}${open}`,
      [],
      o,
    ),
  );
  const n = Number(rows[0]!["n"]);
  const { labels, publishedAt } = reader.manifest;
  const models = (project.spec.models ?? []).map((m) => m.name);
  return {
    dimension: dimension.title ?? dimension.name,
    members: n,
    known: columns
      .map((c, i) => ({ title: c.title, share: n === 0 ? 0 : Number(rows[0]![`c${i}`]) / n }))
      .sort((a, b) => a.share - b.share),
    hoursOld: (clock().getTime() - Date.parse(publishedAt)) / 3_600_000,
    stale: models.filter((m) => labels[m]?.stale),
    unmined: models.filter((m) => !labels[m]),
  };
}
