/** Finding customers, and what is known of one: profile, labels, figures and everything that happened. */
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import type { AttributeView, CatalogView, RoleView } from "../../../engine/model/catalog-view.ts";
import type { Dimension } from "../../../engine/model/dimension.ts";
import type { ProjectSpec } from "../../../engine/model/project.ts";
import type { Column, Row, Value } from "../../../engine/model/query.ts";
import { quoteIdentifier } from "../../../engine/warehouse/index.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { CUSTOMER_ROLE } from "../parts/navigation.ts";

/** The dimension that customers' pages are about. */
export interface CustomerModel {
  readonly role: RoleView;
  readonly spec: Dimension;
  readonly key: AttributeView;
  readonly label: AttributeView | undefined;
  /** attributes that a person is found by: its label, then names, numbers, addresses and phones */
  readonly searched: readonly AttributeView[];
}

const FOUND_BY = /(^|_)(name|number|no|code|e_?mail|phone|mobile|company|tax)(_|$)/;

export const customerModel = (spec: ProjectSpec, catalog: CatalogView): CustomerModel => {
  const role = catalog.roles.find((r) => r.name === CUSTOMER_ROLE && r.kind === "dimension");
  const declared = spec.dimensions.find((d) => d.name === role?.dimension);
  const key =
    role?.attributes.find((a) => a.isKey) ??
    role?.attributes.find((a) => declared?.kind === "dimension" && a.name === declared.key);
  if (!role || !key || declared?.kind !== "dimension")
    throw new TesseraError(
      "not-found",
      "this project has no customers: no cube joins a dimension in the role customer",
      { remedy: "declare a dimension and join it as `customer`" },
    );
  const label = role.attributes.find((a) => a.isLabel);
  const texts = role.attributes.filter(
    (a) => a.type === "string" && a.model === undefined && a !== label && a !== key && FOUND_BY.test(a.name),
  );
  return { role, spec: declared, key, label, searched: [...(label ? [label] : []), ...texts] };
};

/** An attribute's expression over the dimension's own table; undefined where it comes from elsewhere. Only the model's author wrote it. */
const expression = (spec: Dimension, name: string): string | undefined => {
  const attribute = spec.attributes[name];
  if (attribute === undefined) return name === spec.key ? quoteIdentifier(spec.key) : undefined;
  if (typeof attribute === "string") return quoteIdentifier(attribute);
  return "sql" in attribute && attribute.bins === undefined ? `(${attribute.sql})` : undefined;
};

const source = (spec: Dimension): string =>
  spec.table === undefined ? `(${spec.sql ?? ""})` : quoteIdentifier(spec.table);
const current = (spec: Dimension): string => (spec.history ? `${quoteIdentifier(spec.history.until)} IS NULL` : "true");

export interface CustomerList {
  readonly columns: readonly AttributeView[];
  readonly rows: readonly Row[];
  readonly truncated: boolean;
}

/** Attributes listed beside the name. */
const LISTED = ["number", "email", "phone", "company", "city", "country", "customer_type", "segment", "status"];

/**
 * Customers whose name, number, e-mail, phone … contain every word of `search`, whatever its case and accents.
 * The text travels as a parameter; without it the first customers by name come.
 */
export const findCustomers = async (
  model: CustomerModel,
  search: string,
  limit: number,
  reader: Reader,
  services: Services,
): Promise<CustomerList> => {
  const { spec, role, key, label, searched } = model;
  const columns = [
    key,
    ...(label ? [label] : []),
    ...LISTED.flatMap((name) => role.attributes.filter((a) => a.name === name && a !== label && a !== key)),
  ]
    .filter((a) => expression(spec, a.name) !== undefined)
    .slice(0, 8);
  const words = search
    .trim()
    .split(/\s+/)
    .filter((w) => w !== "")
    .slice(0, 8);
  const haystack = searched.flatMap((a) => {
    const e = expression(spec, a.name);
    return e ? [`coalesce(CAST(${e} AS VARCHAR), '')`] : [];
  });
  const text = `lower(strip_accents(concat_ws(' ', ${[...haystack, `CAST(${quoteIdentifier(spec.key)} AS VARCHAR)`].join(", ")})))`;
  const tests = words.map((_, i) => `contains(${text}, lower(strip_accents($${i + 1})))`);
  const first = label ? expression(spec, label.name) : undefined;
  // a name that begins with what was typed comes before one that has it somewhere
  const order = [
    ...(first && words[0] !== undefined
      ? [`starts_with(lower(strip_accents(coalesce(CAST(${first} AS VARCHAR), ''))), lower(strip_accents($1))) DESC`]
      : []),
    ...(first ? [`${first} NULLS LAST`] : []),
    quoteIdentifier(spec.key),
  ];
  const statement = `SELECT ${columns.map((a, i) => `${expression(spec, a.name)} AS c${i}`).join(", ")} FROM ${source(spec)} AS t WHERE ${[current(spec), ...tests].join(" AND ")} ORDER BY ${order.join(", ")} LIMIT ${limit + 1}`;
  const { rows } = await reader.run((o) => services.project.sql(statement, words, o));
  return {
    columns,
    rows: rows
      .slice(0, limit)
      .map((row) => Object.fromEntries(columns.map((a, i) => [a.member, row[`c${i}`] ?? null]))),
    truncated: rows.length > limit,
  };
};

export interface CustomerEvents {
  readonly cube: string;
  readonly title: string;
  readonly date: string | undefined;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly truncated: boolean;
}

export interface Customer {
  readonly key: Value;
  readonly name: string;
  readonly attributes: readonly { readonly attribute: AttributeView; readonly value: Value }[];
  readonly labels: readonly { readonly attribute: AttributeView; readonly value: Value }[];
  readonly figures: readonly { readonly column: Column; readonly value: Value }[];
  readonly events: readonly CustomerEvents[];
}

/** Fact rows of one kind on a customer's page at most. */
const MOST_EVENTS = 1000;

const keyValue = (model: CustomerModel, text: string): Value => {
  if (model.key.type !== "integer" && model.key.type !== "number") return text;
  if (!/^-?\d{1,18}$/.test(text))
    throw new TesseraError("not-found", phrase`there is no customer ${text.slice(0, 60)}`, {
      remedy: "find one at /customers",
    });
  return Number(text);
};

/** Measures over a moving window say nothing of a person's whole time. */
const TIMED: ReadonlySet<string> = new Set(["running", "rolling", "to_date", "shift", "share", "rank"]);

/** Key figures worth showing of one customer: the dashboards' measures that know customers, without counts of customers themselves. */
const figureMeasures = (spec: ProjectSpec, catalog: CatalogView, model: CustomerModel): string[] => {
  const measures = (spec.dashboards ?? []).flatMap((d) =>
    d.tiles.flatMap((t) => (t.kind === "kpi" ? [t.measure] : [])),
  );
  const on = new Set(
    spec.cubes.flatMap((c) => {
      const joined = c.dimensions[model.role.name];
      return joined && "on" in joined ? [joined.on] : [];
    }),
  );
  const counts = new Set(
    spec.cubes.flatMap((c) =>
      Object.entries(c.measures).flatMap(([name, m]) =>
        m.kind === "aggregate" && m.aggregate === "count_distinct" && typeof m.of === "string" && on.has(m.of)
          ? [`${c.name}.${name}`]
          : [],
      ),
    ),
  );
  const fits = (member: string): boolean => {
    const cube = catalog.cubes.find((c) => c.name === member.split(".")[0]);
    const measure = cube?.measures.find((m) => m.member === member);
    return (
      cube !== undefined &&
      measure !== undefined &&
      cube.roles.includes(model.role.name) &&
      !TIMED.has(measure.kind) &&
      !counts.has(member) &&
      ![...counts].some((c) => measure.formula.includes(c.split(".")[1]!))
    );
  };
  return [...new Set(measures.filter(fits))].slice(0, 14);
};

const settled = async <T>(work: Promise<T>): Promise<T | null> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof TesseraError) || error.code === "cancelled") throw error;
    return null;
  }
};

const eventsOf = async (
  cube: CatalogView["cubes"][number],
  key: Value,
  model: CustomerModel,
  reader: Reader,
  services: Services,
): Promise<CustomerEvents | null> => {
  const { catalog } = reader;
  const roles = catalog.roles.filter((r) => cube.roles.includes(r.name));
  const dates = roles.filter((r) => r.kind === "date");
  const date = (dates.find((r) => r.name === "date") ?? dates[0])?.name;
  const labels = roles
    .filter((r) => r.kind === "dimension" && r.name !== model.role.name)
    .flatMap((r) => {
      const label = r.attributes.find((a) => a.isLabel);
      return label ? [label.member] : [];
    });
  const measure =
    cube.measures.find((m) => m.kind === "sum" && m.format === "currency") ??
    cube.measures.find((m) => ["sum", "avg", "median"].includes(m.kind)) ??
    cube.measures.find((m) => m.kind === "count" || m.kind === "last");
  if (!measure) return null;
  const dimensions = [
    ...(date ? [`${date}.day`] : []),
    ...labels.slice(0, 3),
    ...cube.attributes.slice(0, 4).map((a) => a.member),
  ];
  const found = await settled(
    reader.run((o) =>
      services.project.drillthrough(
        {
          measures: [measure.member],
          dimensions,
          filters: [{ member: model.key.member, operator: "equals", values: [key] }],
          limit: MOST_EVENTS,
        },
        o,
      ),
    ),
  );
  if (!found || found.rows.length === 0) return null;
  const grain = new Set(cube.grain.map((g) => `${cube.name}.${g}`));
  const columns = found.columns.filter((c) => !grain.has(c.name) || cube.attributes.some((a) => a.member === c.name));
  const day = date ? `${date}.day` : undefined;
  const rows = day
    ? [...found.rows].sort((a, b) => String(b[day] ?? "").localeCompare(String(a[day] ?? "")))
    : found.rows;
  return { cube: cube.name, title: cube.title, date: day, columns, rows, truncated: found.meta.truncated };
};

/** @throws TesseraError not-found */
export const readCustomer = async (text: string, reader: Reader, services: Services): Promise<Customer> => {
  const { project } = services;
  const { catalog } = reader;
  const model = customerModel(project.spec, catalog);
  const { role, spec, label } = model;
  const key = keyValue(model, text);
  const own = role.attributes.filter((a) => a.model === undefined && expression(spec, a.name) !== undefined);
  const statement = `SELECT ${own.map((a, i) => `${expression(spec, a.name)} AS c${i}`).join(", ")} FROM ${source(spec)} AS t WHERE ${current(spec)} AND ${quoteIdentifier(spec.key)} = $1 LIMIT 1`;
  const mined = role.attributes.filter((a) => a.model !== undefined && reader.manifest.labels[a.model] !== undefined);
  const is = [{ member: model.key.member, operator: "equals" as const, values: [key] }];
  const figures = figureMeasures(project.spec, catalog, model);
  const anchors = [
    ...new Set(
      (project.spec.models ?? [])
        .map((m) =>
          "value" in m
            ? m.value
            : (m.features ?? []).find((f) => catalog.cubes.some((c) => c.measures.some((x) => x.member === f))),
        )
        .filter((m) => m !== undefined),
    ),
  ];
  const [profile, labelled, measured, events] = await Promise.all([
    reader.run((o) => project.sql(statement, [key], o)),
    mined.length > 0 && anchors[0] !== undefined
      ? settled(reader.query({ measures: anchors, dimensions: mined.map((a) => a.member), filters: is, limit: 1 }))
      : null,
    figures.length > 0 ? settled(reader.query({ measures: figures, filters: is })) : null,
    Promise.all(
      catalog.cubes
        .filter((c) => c.roles.includes(role.name))
        .map((cube) => eventsOf(cube, key, model, reader, services)),
    ),
  ]);
  const row = profile.rows[0];
  if (!row)
    throw new TesseraError("not-found", phrase`there is no customer ${text.slice(0, 60)}`, {
      remedy: "find one at /customers",
    });
  const attributes = own.map((attribute, i) => ({ attribute, value: row[`c${i}`] ?? null }));
  const name = attributes.find((a) => a.attribute === label)?.value;
  return {
    key,
    name: name === null || name === undefined ? text : String(name),
    attributes,
    labels: labelled?.rows[0]
      ? mined.map((attribute) => ({ attribute, value: labelled.rows[0]![attribute.member] ?? null }))
      : [],
    figures: measured?.rows[0]
      ? measured.columns.flatMap((column) => {
          const value = measured.rows[0]![column.name] ?? null;
          return value === null ? [] : [{ column, value }];
        })
      : [],
    events: events.filter((e) => e !== null),
  };
};
