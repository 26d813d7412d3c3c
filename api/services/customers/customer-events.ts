/** Fact rows of one customer, cube by cube. */
import type { CubeView } from "../../../engine/model/catalog-view.ts";
import type { Column, Row, Value } from "../../../engine/model/query.ts";
import type { Reader } from "../reader.ts";
import type { Services } from "../services.ts";
import { ignoreErrors } from "../settled.ts";
import type { CustomerModel } from "./customer-model.ts";

export interface CustomerEvents {
  readonly cube: string;
  readonly title: string;
  /** the column of the day, where the cube has a date */
  readonly date: string | undefined;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly truncated: boolean;
}

/** Rows of one cube on a customer's page. */
const MOST_EVENTS = 1000;

const amountOf = ({ measures }: CubeView): CubeView["measures"][number] | undefined =>
  measures.find((m) => m.kind === "sum" && m.format === "currency") ??
  measures.find((m) => ["sum", "avg", "median"].includes(m.kind)) ??
  measures.find((m) => m.kind === "count" || m.kind === "last");

/** The rows of one cube, newest first; null when there are none. */
export const eventsOf = async (
  cube: CubeView,
  key: Value,
  model: CustomerModel,
  reader: Reader,
  services: Services,
): Promise<CustomerEvents | null> => {
  const roles = reader.catalog.roles.filter((role) => cube.roles.includes(role.name));
  const dates = roles.filter((role) => role.kind === "date");
  const date = (dates.find((role) => role.name === "date") ?? dates[0])?.name;
  const day = date === undefined ? undefined : `${date}.day`;
  const labels = roles
    .filter((role) => role.kind === "dimension" && role.name !== model.role.name)
    .flatMap((role) => role.attributes.filter((a) => a.isLabel).slice(0, 1));
  const measure = amountOf(cube);
  if (!measure) return null;
  const request = {
    measures: [measure.member],
    dimensions: [
      ...(day ? [day] : []),
      ...labels.slice(0, 3).map((a) => a.member),
      ...cube.attributes.slice(0, 4).map((a) => a.member),
    ],
    filters: [{ member: model.key.member, operator: "equals" as const, values: [key] }],
    limit: MOST_EVENTS,
  };
  const found = await ignoreErrors(reader.run((options) => services.project.drillthrough(request, options)));
  if (!found || found.rows.length === 0) return null;
  const grain = new Set(cube.grain.map((name) => `${cube.name}.${name}`));
  const columns = found.columns.filter((c) => !grain.has(c.name) || cube.attributes.some((a) => a.member === c.name));
  const rows = day
    ? [...found.rows].sort((a, b) => String(b[day] ?? "").localeCompare(String(a[day] ?? "")))
    : found.rows;
  return { cube: cube.name, title: cube.title, date: day, columns, rows, truncated: found.meta.truncated };
};
