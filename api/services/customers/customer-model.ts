/** The customer dimension of a project, and its attributes as SQL over the dimension's own table. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { AttributeView, CatalogView, RoleView } from "../../../engine/model/catalog-view.ts";
import type { Dimension } from "../../../engine/model/dimension.ts";
import type { ProjectSpec } from "../../../engine/model/project.ts";
import { quoteIdentifier } from "../../../engine/warehouse/index.ts";
import { SEARCHED } from "../../../etl/search/find-table.ts";

/** The role that customer pages show, where a cube joins it. */
export const CUSTOMER_ROLE = "customer";

export interface CustomerModel {
  readonly role: RoleView;
  readonly spec: Dimension;
  readonly key: AttributeView;
  readonly label: AttributeView | undefined;
  /** attributes that the search reads: the label, then names, numbers, addresses and phones */
  readonly searched: readonly AttributeView[];
}

/** @throws TesseraError `not-found` when no cube joins a customer dimension */
export const customerModel = (spec: ProjectSpec, catalog: CatalogView): CustomerModel => {
  const role = catalog.roles.find((each) => each.name === CUSTOMER_ROLE && each.kind === "dimension");
  const declared = spec.dimensions.find((each) => each.name === role?.dimension);
  const key =
    role?.attributes.find((a) => a.isKey) ??
    role?.attributes.find((a) => declared?.kind === "dimension" && a.name === declared.key);
  if (!role || !key || declared?.kind !== "dimension")
    throw new TesseraError("not-found", "customers not found: no cube joins a dimension in the role customer", {
      remedy: "declare a dimension and join it as `customer`",
    });
  const label = role.attributes.find((a) => a.isLabel);
  const searched = role.attributes.filter(
    (a) => a.type === "string" && a.model === undefined && a !== label && a !== key && SEARCHED.test(a.name),
  );
  return { role, spec: declared, key, label, searched: [...(label ? [label] : []), ...searched] };
};

/**
 * An attribute's expression over the dimension's own table; undefined when the table does not hold it.
 * Only the model's author writes it.
 */
export const expressionOf = (spec: Dimension, name: string): string | undefined => {
  const attribute = spec.attributes[name];
  if (attribute === undefined) return name === spec.key ? quoteIdentifier(spec.key) : undefined;
  if (typeof attribute === "string") return quoteIdentifier(attribute);
  return "sql" in attribute && attribute.bins === undefined ? `(${attribute.sql})` : undefined;
};

/** The dimension's table, or its statement in parentheses. */
export const sourceOf = (spec: Dimension): string =>
  spec.table === undefined ? `(${spec.sql ?? ""})` : quoteIdentifier(spec.table);

/** The condition that keeps the current row of each member. */
export const currentRows = (spec: Dimension): string =>
  spec.history ? `${quoteIdentifier(spec.history.until)} IS NULL` : "true";
