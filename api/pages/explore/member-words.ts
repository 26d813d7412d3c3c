/** Members, operators and conditions in words. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatMember } from "../../charts/index.ts";
import type { Catalogue } from "../../i18n/index.ts";
import { membersIn, ownerOf } from "../../services/catalog-index.ts";
import type { Condition } from "./state.ts";

/** What `formatMember` needs to know of an attribute. */
export const memberColumn = (member: string, catalog: CatalogView) => {
  const attribute = membersIn(catalog).attributes.get(member);
  return {
    type: attribute?.type ?? ("string" as const),
    name: member,
    ...(attribute?.level && { level: attribute.level }),
  };
};

/** The title of a measure or attribute, else its name. */
export const memberTitle = (member: string, catalog: CatalogView): string => {
  const { attributes, measures } = membersIn(catalog);
  return measures.get(member)?.title ?? attributes.get(member)?.title ?? member;
};

/** `Order date · Month`: with the role's title, unless the attribute's is the same. */
export const dimensionTitle = (member: string, catalog: CatalogView): string => {
  const attribute = membersIn(catalog).attributes.get(member);
  if (!attribute) return member;
  const role = catalog.roles.find((each) => each.name === ownerOf(member));
  const sameTitle = attribute.title.toLowerCase() === role?.title.toLowerCase();
  return role && !sameTitle ? `${role.title} · ${attribute.title}` : attribute.title;
};

/** A filter operator in words. */
export const operatorWords = (operator: string, words: Catalogue["explore"]): string => {
  const operators: { readonly [operator: string]: string } = words.operators;
  return operators[operator] ?? operator;
};

/** The values of a condition; of many, the first two and the number of others. */
export const conditionValues = (condition: Condition, catalog: CatalogView): string => {
  const column = memberColumn(condition.member, catalog);
  const values = condition.values.map((value) => formatMember(value, column));
  return values.length > 3 ? `${values.slice(0, 2).join(", ")} +${values.length - 2}` : values.join(", ");
};
