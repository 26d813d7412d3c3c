/** All that is known about one customer: profile, mined labels, key figures and events. */
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import type { AttributeView, CatalogView } from "../../../engine/model/catalog-view.ts";
import type { ProjectSpec } from "../../../engine/model/project.ts";
import type { Column, Value } from "../../../engine/model/query.ts";
import { quoteIdentifier } from "../../../engine/warehouse/index.ts";
import { membersIn } from "../catalog-index.ts";
import type { Reader } from "../reader.ts";
import type { Services } from "../services.ts";
import { ignoreErrors } from "../settled.ts";
import { eventsOf, type CustomerEvents } from "./customer-events.ts";
import { figureMeasures } from "./customer-figures.ts";
import { currentRows, customerModel, expressionOf, sourceOf, type CustomerModel } from "./customer-model.ts";

/** An attribute with one customer's value. */
export interface AttributeValue {
  readonly attribute: AttributeView;
  readonly value: Value;
}

export interface Customer {
  readonly key: Value;
  readonly name: string;
  readonly attributes: readonly AttributeValue[];
  /** outputs of mining models */
  readonly labels: readonly AttributeValue[];
  readonly figures: readonly { readonly column: Column; readonly value: Value }[];
  readonly events: readonly CustomerEvents[];
}

const unknownCustomer = (key: string): TesseraError =>
  new TesseraError("not-found", phrase`customer "${key.slice(0, 60)}" not found`, {
    remedy: { action: "find-customer" },
  });

const keyValue = (model: CustomerModel, text: string): Value => {
  if (model.key.type !== "integer" && model.key.type !== "number") return text;
  if (!/^-?\d{1,18}$/.test(text)) throw unknownCustomer(text);
  return Number(text);
};

/** Measures that give a query a cube, so that mined labels can be read as dimensions. */
const anchorMeasures = (spec: ProjectSpec, catalog: CatalogView): string[] => {
  const { measures } = membersIn(catalog);
  const anchors = (spec.models ?? []).map((model) =>
    "value" in model ? model.value : model.features?.find((feature) => measures.has(feature)),
  );
  return [...new Set(anchors.filter((measure) => measure !== undefined))];
};

const profileOf = async (
  model: CustomerModel,
  key: Value,
  reader: Reader,
  { project }: Services,
): Promise<AttributeValue[] | null> => {
  const { role, spec } = model;
  const own = role.attributes.filter((a) => a.model === undefined && expressionOf(spec, a.name) !== undefined);
  const selected = own.map((a, i) => `${expressionOf(spec, a.name)} AS c${i}`);
  const statement = `SELECT ${selected.join(", ")}
    FROM ${sourceOf(spec)} AS t
    WHERE ${currentRows(spec)} AND ${quoteIdentifier(spec.key)} = $1
    LIMIT 1`;
  const { rows } = await reader.run((options) => project.sql(statement, [key], options));
  const row = rows[0];
  return row ? own.map((attribute, i) => ({ attribute, value: row[`c${i}`] ?? null })) : null;
};

const labelsOf = async (
  model: CustomerModel,
  key: Value,
  reader: Reader,
  { project }: Services,
): Promise<AttributeValue[]> => {
  const mined = model.role.attributes.filter((a) => a.model !== undefined && reader.manifest.labels[a.model]);
  const measures = anchorMeasures(project.spec, reader.catalog);
  if (mined.length === 0 || measures.length === 0) return [];
  const filters = [{ member: model.key.member, operator: "equals" as const, values: [key] }];
  const found = await ignoreErrors(
    reader.query({ measures, dimensions: mined.map((a) => a.member), filters, limit: 1 }),
  );
  const row = found?.rows[0];
  return row ? mined.map((attribute) => ({ attribute, value: row[attribute.member] ?? null })) : [];
};

const figuresOf = async (
  model: CustomerModel,
  key: Value,
  reader: Reader,
  { project }: Services,
): Promise<Customer["figures"]> => {
  const measures = figureMeasures(project.spec, reader.catalog, model);
  if (measures.length === 0) return [];
  const filters = [{ member: model.key.member, operator: "equals" as const, values: [key] }];
  const found = await ignoreErrors(reader.query({ measures, filters }));
  const row = found?.rows[0];
  if (!found || !row) return [];
  return found.columns.flatMap((column) => {
    const value = row[column.name] ?? null;
    return value === null ? [] : [{ column, value }];
  });
};

/** @param text the customer's key @throws TesseraError `not-found` */
export const readCustomer = async (text: string, reader: Reader, services: Services): Promise<Customer> => {
  const { catalog } = reader;
  const model = customerModel(services.project.spec, catalog);
  const key = keyValue(model, text);
  const cubes = catalog.cubes.filter((cube) => cube.roles.includes(model.role.name));
  const [attributes, labels, figures, events] = await Promise.all([
    profileOf(model, key, reader, services),
    labelsOf(model, key, reader, services),
    figuresOf(model, key, reader, services),
    Promise.all(cubes.map((cube) => eventsOf(cube, key, model, reader, services))),
  ]);
  if (!attributes) throw unknownCustomer(text);
  const name = attributes.find((a) => a.attribute === model.label)?.value;
  return {
    key,
    name: name === null || name === undefined ? text : String(name),
    attributes,
    labels,
    figures,
    events: events.filter((each) => each !== null),
  };
};
