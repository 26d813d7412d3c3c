/** A many-to-many path, brought to one row for each fact key and combination of the attributes asked for. */
import { present } from "../../lookup.ts";
import type { BridgeRole } from "../../model/cube.ts";
import { tableDimension } from "../../model/dimension.ts";
import {
  all,
  call,
  cast,
  column,
  equals,
  integer,
  literal,
  type Expr,
  type Join,
  type Select,
} from "../../sql/tree.ts";
import { binLabels } from "../binding/bins.ts";
import { roleRef, type AttributeRef, type RoleRef } from "../binding/member.ts";
import type { Condition } from "../resolve/nodes.ts";
import { acceptsNull } from "../resolve/null-conditions.ts";
import { binned, conditionOver } from "./comparison-operators.ts";
import type { CompileContext } from "./compile-context.ts";
import { FACT, RoleJoin } from "./role-join.ts";

/** The join of one fact to its links. */
export class BridgeJoin {
  inner = false;
  /** one row for each fact: attributes are listed as text, weights are those of all links that pass */
  listed = false;
  readonly #attributes = new Map<string, RoleRef>();
  readonly #conditions: Condition[] = [];
  constructor(
    readonly context: CompileContext,
    readonly as: string,
    readonly role: BridgeRole,
  ) {}

  /** The weight of the links that pass; null where the bridge has none. */
  get weight(): Expr | null {
    return this.role.through.weight === undefined ? null : call("coalesce", column(this.as, "w"), integer(1));
  }

  attribute(ref: RoleRef): Expr {
    const name = `a_${ref.attribute.name}`;
    this.#attributes.set(name, ref);
    return column(this.as, name);
  }

  /** Hides links that do not pass. Facts without links stay where the condition accepts the unknown. */
  restrict(condition: Condition): void {
    if (!acceptsNull(condition)) this.inner = true;
    this.#conditions.push(condition);
  }

  join(): Join {
    const { on, weight } = this.role.through;
    const names = [...this.#attributes.keys()];
    const select = this.#select([{ expr: column("l", on), as: "on" }]);
    const listed = (c: Select["columns"][number]): Select["columns"][number] =>
      names.includes(c.as) ? { ...c, expr: { t: "aggregate", name: "texts", of: this.#text(c), filter: null } } : c;
    const columns = this.listed ? select.columns.map(listed) : select.columns;
    const own = names.map((name) => present(select.columns.find((c) => c.as === name)).expr);
    const grouped: Select = {
      ...select,
      columns,
      groupBy: { keys: [column("l", on), ...(this.listed ? [] : own)] },
    };
    const withWeight: Select =
      weight === undefined
        ? grouped
        : {
            ...grouped,
            columns: [
              ...grouped.columns,
              { expr: { t: "aggregate", name: "sum", of: column("l", weight), filter: null }, as: "w" },
            ],
          };
    return {
      kind: this.inner ? "inner" : "left",
      to: { t: "select", select: withWeight, as: this.as },
      on: equals(column(FACT, on), column(this.as, "on")),
    };
  }

  /** A value as people read it: bins by their label. */
  #text({ as, expr }: Select["columns"][number]): Expr {
    const bins = this.#attributes.get(as)?.attribute.bins;
    return bins
      ? {
          t: "case",
          whens: binLabels(bins).map((label, i) => ({ when: equals(expr, integer(i)), then: literal(label, "text") })),
          otherwise: null,
        }
      : cast(expr, "text");
  }

  /** The fact keys that have a link which passes. */
  keys(): Select {
    return this.#select([{ expr: column("l", this.role.through.on), as: "k" }]);
  }

  #select(first: Select["columns"]): Select {
    const { through } = this.role;
    const spec = tableDimension(this.role.to);
    const member = new RoleJoin(this.context, "d", spec, null, "", () => {
      throw new Error("a bridge has no day");
    });
    const value = (ref: AttributeRef): Expr => {
      const { attribute } = roleRef(ref);
      return binned(member.attribute(attribute.source), attribute.bins);
    };
    const columns = [...first, ...[...this.#attributes].map(([as, ref]) => ({ expr: value(ref), as }))];
    const where = all(this.#conditions.map((c) => conditionOver(c, value)));
    const { from, joins, where: valid } = member.relation();
    return {
      t: "select",
      columns,
      from: { t: "table", name: through.table, as: "l" },
      joins: [
        { kind: "left", to: from, on: all([equals(column("l", through.key), column("d", spec.key)), valid]) },
        ...joins,
      ],
      where,
    };
  }
}
