/** One to-one path from a fact: a dimension with its references and labels. */
import { relationOf } from "../binding/owner.ts";
import { present } from "../../lookup.ts";
import type { SourceParts } from "./source-parts.ts";
import type { CompileContext } from "./compile-context.ts";
import type { AttributeSource, CubeNode } from "../../model/catalog.ts";
import type { Dimension } from "../../model/dimension.ts";
import { MASKED } from "../../model/visible-catalog.ts";
import {
  all,
  binary,
  column,
  dayLiteral,
  equals,
  fragment,
  isNull,
  literal,
  type Expr,
  type Join,
  type Relation,
  TRUE,
} from "../../sql/tree.ts";

/** The alias of the fact in its own FROM. */
export const FACT = "f";

/** Collects what is read of one dimension, and joins it. */
export class RoleJoin {
  inner = false;
  readonly #fragments = new Map<string, string>();
  readonly #references = new Map<
    string,
    {
      readonly as: string;
      readonly spec: Dimension;
      readonly from: string;
      readonly on: string;
      readonly fragments: Map<string, string>;
    }
  >();
  readonly #labels = new Map<string, string>();

  constructor(
    readonly context: CompileContext,
    readonly as: string,
    readonly spec: Dimension,
    readonly cube: CubeNode | null,
    readonly on: string,
    readonly day: () => Expr,
  ) {}

  /** The value of an attribute. */
  attribute(source: AttributeSource): Expr {
    switch (source.t) {
      case "column":
        return column(this.as, source.column);
      case "fragment":
        return column(this.as, fragmentColumn(this.#fragments, source.sql));
      case "reference": {
        const { as, fragments } = this.#reference(source.path);
        if (source.source.t === "column") return column(as, source.source.column);
        if (source.source.t === "fragment") return column(as, fragmentColumn(fragments, source.source.sql));
        throw new Error("a reference leads to a column or an expression");
      }
      case "label": {
        if (!this.context.binding.columns.get(source.table.toLowerCase())?.has(source.column.toLowerCase()))
          return literal(null, "text"); // not mined yet, or mined before the technique gave this output
        const as = `${this.as}..${source.table}`;
        this.#labels.set(source.table, as);
        return column(as, source.column);
      }
      case "masked":
        return literal(MASKED, "text");
      case "closure":
        return column(this.as, this.spec.key);
      case "level":
        throw new Error("a level belongs to a date dimension");
    }
  }

  /** The joins of the dimension, its references and its labels. */
  joins(): Join[] {
    const kind = this.inner ? "inner" : "left";
    const self = column(this.as, this.spec.key);
    const key = this.on === "" ? null : column(FACT, this.on);
    const joins: Join[] = [];
    if (key) joins.push({ kind, to: scan(this.spec, this.as, this.#fragments), on: this.#valid(key, self) });
    for (const r of this.#references.values())
      joins.push({
        kind: "left",
        to: scan(r.spec, r.as, r.fragments),
        on: all([
          equals(column(r.from, r.on), column(r.as, r.spec.key)),
          r.spec.history ? this.#validAt(r.as, r.spec.history.from, r.spec.history.until) : null,
        ]),
      });
    for (const [table, as] of this.#labels)
      joins.push({
        kind: "left",
        to: { t: "table", name: table, as },
        on: all([equals(self, column(as, "key")), this.#validAt(as, "valid_from", "valid_until")]),
      });
    return joins;
  }

  /** FROM and joins of a SELECT over the dimension itself. */
  relation(): SourceParts {
    return {
      from: scan(this.spec, this.as, this.#fragments),
      joins: this.joins(),
      where: this.spec.history ? this.#validAt(this.as, this.spec.history.from, this.spec.history.until) : null,
    };
  }

  #valid(key: Expr, self: Expr): Expr {
    const { history } = this.spec;
    if (!history) return equals(key, self);
    if (
      this.context.history === "as_was" &&
      this.cube &&
      this.context.binding.factColumn(this.cube, history.version) !== undefined
    )
      return equals(column(FACT, history.version), column(this.as, history.version));
    return all([equals(key, self), this.#validAt(this.as, history.from, history.until)]) ?? TRUE;
  }

  #validAt(as: string, from: string, until: string): Expr {
    const { history } = this.context;
    const undated = this.cube === null || this.cube.dateRole === null;
    if (history === "as_is" || (history === "as_was" && undated)) return isNull(column(as, until));
    const moment = history === "as_was" ? this.day() : dayLiteral(history.asOf);
    const began = binary("or", isNull(column(as, from)), binary("<=", column(as, from), moment));
    const lasts = binary("or", isNull(column(as, until)), binary(">", column(as, until), moment));
    return binary("and", began, lasts);
  }

  #reference(path: readonly string[]): { as: string; fragments: Map<string, string> } {
    let spec = this.spec;
    let at = this.as;
    let fragments = this.#fragments;
    for (const step of path) {
      const { to, on } = present(spec.references?.[step], `reference ${step}`);
      // a role's name has no dot, so its alias never equals this one
      const as = `${at}.${step}`;
      const known = this.#references.get(as) ?? { as, spec: to, from: at, on, fragments: new Map<string, string>() };
      this.#references.set(as, known);
      [spec, at, fragments] = [to, as, known.fragments];
    }
    return { as: at, fragments };
  }
}

/** The column of an expression in a scan; the first use of an expression adds it. */
export function fragmentColumn(fragments: Map<string, string>, sql: string): string {
  const name = fragments.get(sql) ?? `__e${fragments.size}`;
  fragments.set(sql, name);
  return name;
}

/**
 * A table as it is, or with the model's expressions computed in a subselect, where their names cannot clash with those
 * of another table.
 */
export function scan(
  spec: { readonly table?: string; readonly sql?: string },
  as: string,
  fragments: ReadonlyMap<string, string>,
): Relation {
  if (fragments.size === 0) return relationOf(spec, as);
  const inner = relationOf(spec, spec.table ?? "t");
  return {
    t: "select",
    as,
    select: {
      t: "select",
      columns: [
        { expr: { t: "star" }, as: "*" },
        ...[...fragments].map(([sql, name]) => ({ expr: fragment(sql), as: name })),
      ],
      from: inner,
    },
  };
}
