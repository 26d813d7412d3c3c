/** Filters on many-to-many roles, as they restrict the links that an answer shows. */
import type { CubeNode } from "../../model/catalog.ts";
import { isBridge, type Role } from "../../model/cube.ts";
import { binary, column, notNull, type Expr } from "../../sql/tree.ts";
import { attributesOnly, refsIn } from "../resolve/condition-parts.ts";
import type { Condition } from "../resolve/nodes.ts";
import { acceptsNull } from "../resolve/null-conditions.ts";
import { unlinked } from "./bridge-condition.ts";
import type { BridgeJoin } from "./bridge-join.ts";

/** The one role that all attributes of a condition belong to; null for several or none. */
export function onlyRole(condition: Condition): string | null {
  const roles = new Set(refsIn(condition).map((ref) => (ref.t === "role" ? ref.role : "")));
  const [name = ""] = roles;
  return roles.size === 1 && name !== "" ? name : null;
}

/** Whether a filter excludes the unknown member of the one to-one dimension that it is about. */
export const excludesUnknown = (condition: Condition, role: Role): boolean =>
  role.to.kind === "dimension" &&
  !isBridge(role) &&
  !acceptsNull(condition) &&
  attributesOnly(condition) &&
  refsIn(condition).every((ref) => ref.t === "role" && ref.attribute.source.t !== "closure");

/** The filters of one fact that restrict links. */
export class LinkFilters {
  readonly #cube: CubeNode;
  readonly #filters: { readonly name: string; readonly condition: Condition }[] = [];

  constructor(cube: CubeNode) {
    this.#cube = cube;
  }

  /** Takes a filter of the fact; only one on a many-to-many role restricts links. */
  add(condition: Condition): void {
    const name = onlyRole(condition);
    const role = name === null ? undefined : this.#cube.roles.get(name);
    if (name !== null && role && isBridge(role) && attributesOnly(condition)) this.#filters.push({ name, condition });
  }

  /**
   * Restricts the links that the bridges show. A link that a filter excludes is not shown, even if the filter accepts
   * facts without links. @returns what this asks of the facts themselves
   */
  restrict(bridges: ReadonlyMap<string, BridgeJoin>): readonly Expr[] {
    return [...bridges].flatMap(([name, bridge]) => {
      const conditions = this.#filters.filter((link) => link.name === name).map((link) => link.condition);
      for (const condition of conditions) bridge.restrict(condition);
      // links of several filters may exclude each other: such a fact has no group, one without links has the unknown's
      const severe = conditions.length > 1 || conditions.some((c) => c.t !== "attribute");
      return !bridge.inner && severe ? [binary("or", notNull(column(bridge.as, "on")), unlinked(bridge.role))] : [];
    });
  }
}
