/** How complete the audience's attributes are, and which models lag behind the data. */
import type { Dimension } from "../../../engine/model/dimension.ts";
import { quoteIdentifier } from "../../../engine/warehouse/index.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";

/** An attribute with the share of members that have it. */
export interface Known {
  readonly title: string;
  /** 0 to 1 */
  readonly share: number;
}

export interface Readiness {
  /** the title of the dimension */
  readonly dimension: string;
  readonly members: number;
  /** least filled first */
  readonly known: readonly Known[];
  /** models whose labels are older than the data */
  readonly stale: readonly string[];
  /** models that have not run */
  readonly unmined: readonly string[];
}

const MOST = 14;

interface PlainColumn {
  readonly title: string;
  readonly sql: string;
}

/** Attributes that are plain columns of the dimension's table. */
const plainColumns = ({ attributes }: Dimension): PlainColumn[] =>
  Object.entries(attributes)
    .flatMap(([name, attribute]) => {
      if (typeof attribute === "string") return /^\w+$/.test(attribute) ? [{ title: name, sql: attribute }] : [];
      const sql = "sql" in attribute && !("bins" in attribute && attribute.bins) ? attribute.sql : undefined;
      return typeof sql === "string" && /^\w+$/.test(sql) ? [{ title: attribute.title ?? name, sql }] : [];
    })
    .slice(0, MOST);

/** Null for a dimension without a table or without plain columns. @param over the dimension's name */
export async function readinessOf(over: string, reader: Reader, { project }: Services): Promise<Readiness | null> {
  const dimension = project.spec.dimensions.find(({ name }) => name === over);
  if (dimension?.kind !== "dimension" || dimension.table === undefined) return null;
  const columns = plainColumns(dimension);
  if (columns.length === 0) return null;
  const counts = columns.map(({ sql }, i) => `count(${quoteIdentifier(sql)})::INTEGER AS c${i}`);
  const current = dimension.history ? ` WHERE ${quoteIdentifier(dimension.history.until)} IS NULL` : "";
  const statement = `SELECT count(*)::INTEGER AS n, ${counts.join(", ")}
    FROM ${quoteIdentifier(dimension.table)}${current}`;
  const { rows } = await reader.remember(["readiness", over], (options) => project.sql(statement, [], options));
  const row = rows[0] ?? {};
  const members = Number(row["n"] ?? 0);
  const { labels } = reader.manifest;
  const models = (project.spec.models ?? []).map(({ name }) => name);
  const shareOf = (column: number): number => (members === 0 ? 0 : Number(row[`c${column}`]) / members);
  return {
    dimension: dimension.title ?? dimension.name,
    members,
    known: columns.map(({ title }, i) => ({ title, share: shareOf(i) })).sort((a, b) => a.share - b.share),
    stale: models.filter((name) => labels[name]?.stale),
    unmined: models.filter((name) => !labels[name]),
  };
}
