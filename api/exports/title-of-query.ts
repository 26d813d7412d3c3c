/** A title for a query's answer. */
import type { Query, Result } from "../../engine/model/query.ts";

const lastPart = (member: string): string => member.slice(member.lastIndexOf(".") + 1).replaceAll("_", " ");

/** `revenue by country`. @param result gives the members' titles; without it, their names */
export const titleOfQuery = (query: Query, result?: Pick<Result, "columns">): string => {
  const name = (member: string): string =>
    result?.columns.find((column) => column.name === member)?.title ?? lastPart(member);
  const measures = query.measures.map((m) => (typeof m === "string" ? name(m) : (m.title ?? m.name)));
  const by = (query.dimensions ?? []).map(name);
  return `${measures.slice(0, 3).join(", ")}${by.length > 0 ? ` by ${by.join(", ")}` : ""}`;
};
