/** One data version as the owner or as a role sees it. */
import { required } from "../../lookup.ts";
import type { Catalog } from "../../model/catalog.ts";
import type { RoleSpec } from "../../model/project.ts";
import { visibleCatalog } from "../../model/visible-catalog.ts";
import type { Binding } from "../binding/binding.ts";
import { compileSegment } from "../plan/segment.ts";
import type { PlanContext } from "../plan/plan-context.ts";
import { resolveFilter } from "../resolve/condition.ts";
import type { ResolveContext } from "../resolve/resolve-context.ts";
import { coverage } from "../scan/row-rules.ts";
import type { Engine, VersionFacts } from "./engine.ts";

/** What a caller sees, and how their queries are resolved and planned. */
export interface RoleView {
  /** the model as the caller sees it */
  readonly catalog: Catalog;
  readonly binding: Binding;
  readonly context: Engine["context"];
}

/** @param role null: the owner, who sees everything */
export function roleView(facts: VersionFacts, role: string | null): RoleView {
  const { catalog: whole } = facts;
  const named = role === null ? undefined : facts.namedBy?.get(role);
  const binding = named ? Object.freeze({ ...facts.binding, named }) : facts.binding;
  const spec = role === null ? null : roleSpec(whole, role);
  const catalog = spec === null ? whole : visibleCatalog(whole, spec, coverage(whole, spec));
  const context: Engine["context"] = (history, timeZone, now) => {
    const resolve: ResolveContext = {
      catalog,
      whole,
      binding,
      wholeBinding: facts.binding,
      now,
      ...(facts.maxRows !== undefined && { maxRows: facts.maxRows }),
    };
    const resolveWhole: ResolveContext = { ...resolve, binding: facts.binding, catalog: whole };
    const plan: PlanContext = {
      catalog: whole,
      visible: catalog,
      binding,
      history,
      timeZone,
      cells: new Map(),
      whole: resolveWhole,
      print: facts.serving.print,
      spanOf: (cube, date) => facts.spanOf(cube, date, timeZone),
      rollups: facts.rollups,
      segmentKeys: (name) => compileSegment(name, resolveWhole, plan),
      ruleSegment: (name) => compileSegment(name, resolveWhole, { ...plan, rules: [] }),
      rules: (spec?.rows ?? []).map((filter, i) =>
        resolveFilter({ catalog: whole, binding: facts.binding, now }, filter, `role ${role ?? ""} › rows[${i}]`),
      ),
    };
    return { resolve, plan };
  };
  return { catalog, binding, context };
}

const roleSpec = ({ project }: Catalog, role: string): RoleSpec =>
  required(new Map(Object.entries(project.roles ?? {})), role, "role");
