/** Which columns of a compared measure a table shows, and what it calls them: the value, the value before, and one change. */
import type { Column } from "../../engine/model/query.ts";

export interface ShownColumn {
  readonly column: Column;
  readonly title: string;
  /** belongs to the measure before it */
  readonly derived: boolean;
}

const DERIVED = /^(.*)\.(previous|change|change_rate)$/;

/** The measure that a derived column belongs to. */
export const measureOf = (name: string): string => DERIVED.exec(name)?.[1] ?? name;

const roleWords = (name: string): string => {
  const words = (name.split(".")[0] ?? "").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** A rate's change is told in points, an amount's in per cent; the other one is left out. Dimensions of one title are told apart by their role. */
export const shownColumns = (columns: readonly Column[]): ShownColumn[] =>
  columns.flatMap((column): ShownColumn[] => {
    const match = DERIVED.exec(column.name);
    const owner = match ? columns.find((c) => c.name === match[1]) : undefined;
    const twin = columns.some((c) => c !== column && c.title === column.title && c.kind === "dimension");
    if (!match || !owner)
      return [
        {
          column,
          title: column.kind === "dimension" && twin ? `${roleWords(column.name)} · ${column.title}` : column.title,
          derived: false,
        },
      ];
    const own = { ...column, ...(owner.better && { better: owner.better }) };
    switch (match[2]) {
      case "previous":
        return [{ column: own, title: "before", derived: true }];
      case "change":
        return owner.format === "percent"
          ? [{ column: { ...own, format: "percent" }, title: "change", derived: true }]
          : [];
      default:
        return owner.format === "percent" ? [] : [{ column: own, title: "change", derived: true }];
    }
  });
