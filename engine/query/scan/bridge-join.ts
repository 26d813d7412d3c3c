/** A many-to-many path, brought to one row for each fact key and combination of the attributes asked for. */
import type { Role } from "../../model/cube.ts";
import type { Dimension } from "../../model/dimension.ts";
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
import { binned, conditionOver } from "./comparison-operators.ts";
import { binLabels } from "../binding/bins.ts";
import { acceptsNull } from "../resolve/condition.ts";
import type { Condition } from "../resolve/nodes.ts";
import type { AttributeRef } from "../binding/member.ts";
import { FACT, RoleJoin } from "./role-join.ts";
import type { CompileContext } from "./compile-context.ts";

export type Through = Extract<Role, { readonly through: object }>;

export class BridgeJoin {
  inner = false;
  /** one row a fact: attributes are listed as text, weights are those of all links that pass */
  listed = false;
  readonly #attributes = new Map<string, AttributeRef>();
  readonly #conditions: Condition[] = [];
  constructor(
    readonly context: CompileContext,
    readonly as: string,
    readonly role: Through,
  ) {}

  get weight(): Expr | null {
    return this.role.through.weight === undefined ? null : call("coalesce", column(this.as, "w"), integer(1));
  }

  attribute(ref: AttributeRef): Expr {
    const name = `a_${(ref as { attribute: { name: string } }).attribute.name}`;
    this.#attributes.set(name, ref);
    return column(this.as, name);
  }

  /** Links that do not pass are not shown; facts without links are, where the condition accepts the unknown. */
  restrict(condition: Condition): void {
    if (!acceptsNull(condition)) this.inner = true;
    this.#conditions.push(condition);
  }

  join(): Join {
    const names = [...this.#attributes.keys()];
    const select = this.#select([{ expr: column("l", this.role.through.on), as: "on" }]);
    const columns = this.listed
      ? select.columns.map((c) =>
          names.includes(c.as)
            ? { ...c, expr: { t: "aggregate" as const, name: "texts" as const, of: this.#text(c), filter: null } }
            : c,
        )
      : select.columns;
    const grouped: Select = {
      ...select,
      columns,
      groupBy: {
        keys: [
          column("l", this.role.through.on),
          ...(this.listed ? [] : names.map((n) => select.columns.find((c) => c.as === n)!.expr)),
        ],
      },
    };
    const { weight } = this.role.through;
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
      on: equals(column(FACT, this.role.through.on), column(this.as, "on")),
    };
  }

  /** A value as people read it: bins by their label. */
  #text({ as, expr }: Select["columns"][number]): Expr {
    const bins = (this.#attributes.get(as) as Extract<AttributeRef, { t: "role" }>).attribute.bins;
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
    const { through, to } = this.role;
    const member = new RoleJoin(this.context, "d", to as Dimension, null, "", () => {
      throw new Error("a bridge has no day");
    });
    const value = (ref: AttributeRef): Expr =>
      binned(
        member.attribute((ref as Extract<AttributeRef, { t: "role" }>).attribute.source),
        (ref as Extract<AttributeRef, { t: "role" }>).attribute.bins,
      );
    const columns = [...first, ...[...this.#attributes].map(([as, ref]) => ({ expr: value(ref), as }))];
    const where = all(this.#conditions.map((c) => conditionOver(c, value)));
    const { from, joins, where: valid } = member.relation();
    return {
      t: "select",
      columns,
      from: { t: "table", name: through.table, as: "l" },
      joins: [
        {
          kind: "left",
          to: from,
          on: all([equals(column("l", through.key), column("d", (to as Dimension).key)), valid]),
        },
        ...joins,
      ],
      where,
    };
  }
}
