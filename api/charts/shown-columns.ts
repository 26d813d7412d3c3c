/** The columns of a compared measure that a table shows: its value, the value before, and one change. */
import type { Column } from "../../engine/model/query.ts";
import type { Catalogue } from "../i18n/catalogue.ts";
import { charts } from "../i18n/en/charts.ts";

export interface ShownColumn {
  readonly column: Column;
  readonly title: string;
  /** belongs to the measure before it */
  readonly derived: boolean;
}

const DERIVED = /^(.*)\.(previous|change|change_rate)$/;

/** The measure that a derived column belongs to. */
export const measureOf = (name: string): string => DERIVED.exec(name)?.[1] ?? name;

const roleTitle = (name: string): string => {
  const role = name.slice(0, name.indexOf(".")).replaceAll("_", " ");
  return role.charAt(0).toUpperCase() + role.slice(1);
};

/** Dimensions with the same title are told apart by their role. */
const plainColumn = (column: Column, columns: readonly Column[]): ShownColumn => {
  const twin = columns.some((each) => each !== column && each.title === column.title && each.kind === "dimension");
  const title = column.kind === "dimension" && twin ? `${roleTitle(column.name)} · ${column.title}` : column.title;
  return { column, title, derived: false };
};

/**
 * A rate changes by points, an amount by per cent: the other change is left out.
 * @param words titles of the derived columns; default English
 */
export const shownColumns = (
  columns: readonly Column[],
  words: Pick<Catalogue["charts"], "tipBefore" | "tipChange"> = charts,
): ShownColumn[] =>
  columns.flatMap((column): ShownColumn[] => {
    const [, measure, kind] = DERIVED.exec(column.name) ?? [];
    const owner = measure === undefined ? undefined : columns.find((each) => each.name === measure);
    if (!owner) return [plainColumn(column, columns)];
    const own = { ...column, ...(owner.better && { better: owner.better }) };
    if (kind === "previous") return [{ column: own, title: words.tipBefore, derived: true }];
    const isRate = owner.format === "percent";
    if (isRate !== (kind === "change")) return [];
    return [{ column: isRate ? { ...own, format: "percent" } : own, title: words.tipChange, derived: true }];
  });
