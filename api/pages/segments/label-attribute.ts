/** A mining model's label as a member of the catalog, and the measures that describe its groups. */
import type { CatalogView, RoleView } from "../../../engine/model/catalog-view.ts";
import type { MiningModel } from "../../../engine/model/mining-model.ts";
import type { ProjectSpec } from "../../../engine/model/project.ts";
import { labelAttribute } from "../../../engine/model/mining-model.ts";

export interface LabelView {
  readonly model: MiningModel;
  readonly role: RoleView;
  /** `customer.rfm_segment` */
  readonly member: string;
  /** what the groups are measured by where nothing else is chosen */
  readonly value: string | undefined;
  /** counts the members */
  readonly counting: string | undefined;
  /** the outermost level of the first hierarchy of the dimension */
  readonly geography: string | undefined;
}

/** The measure that counts different members of `role`'s dimension in `cube`, or in any cube. */
export const countingMeasure = (spec: ProjectSpec, role: string, cube?: string): string | undefined => {
  for (const each of spec.cubes) {
    if (cube !== undefined && each.name !== cube) continue;
    const joined = each.dimensions[role];
    const on = joined && "on" in joined ? joined.on : undefined;
    for (const [name, measure] of Object.entries(each.measures))
      if (
        on !== undefined &&
        measure.kind === "aggregate" &&
        measure.aggregate === "count_distinct" &&
        measure.of === on &&
        measure.where === undefined
      )
        return `${each.name}.${name}`;
  }
  return undefined;
};

export const labelViews = (spec: ProjectSpec, catalog: CatalogView): LabelView[] =>
  (spec.models ?? []).flatMap((model): LabelView[] => {
    const role =
      catalog.roles.find((r) => r.name === model.over) ?? catalog.roles.find((r) => r.dimension === model.over);
    if (!role || model.main === null) return [];
    const value =
      model.value ??
      model.features?.find((f) =>
        catalog.cubes.some((c) => c.measures.some((m) => m.member === f && m.format === "currency")),
      ) ??
      model.features?.find((f) => catalog.cubes.some((c) => f.startsWith(`${c.name}.`)));
    return [
      {
        model,
        role,
        member: `${role.name}.${labelAttribute(model, model.main)}`,
        value,
        counting: countingMeasure(spec, role.name, value?.split(".")[0]),
        geography: Object.values(role.hierarchies)[0]?.[0],
      },
    ];
  });
