/** The labels of mining models as members of the catalog, and the measures that describe their groups. */
import type { CatalogView, RoleView } from "../../../engine/model/catalog-view.ts";
import type { MiningModel } from "../../../engine/model/mining-model.ts";
import type { ProjectSpec } from "../../../engine/model/project.ts";
import { labelAttribute } from "../../../engine/model/mining-model.ts";
import { membersIn, ownerOf } from "../../services/catalog-index.ts";

export interface LabelView {
  readonly model: MiningModel;
  readonly role: RoleView;
  /** for example `customer.rfm_segment` */
  readonly member: string;
  /** the measure of the groups unless the reader chooses another */
  readonly value: string | undefined;
  /** the measure that counts members */
  readonly counting: string | undefined;
  /** the outermost level of the dimension's first hierarchy */
  readonly geography: string | undefined;
}

/** The measure that counts members of a role in a cube; without `cube`, in any. */
export const countingMeasure = (spec: ProjectSpec, role: string, cube?: string): string | undefined => {
  for (const each of spec.cubes) {
    const joined = each.dimensions[role];
    if ((cube !== undefined && each.name !== cube) || !joined || !("on" in joined)) continue;
    for (const [name, measure] of Object.entries(each.measures)) {
      const counts = measure.kind === "aggregate" && measure.aggregate === "count_distinct";
      if (counts && measure.of === joined.on && measure.where === undefined) return `${each.name}.${name}`;
    }
  }
  return undefined;
};

const valueOf = (model: MiningModel, catalog: CatalogView): string | undefined => {
  const { measures } = membersIn(catalog);
  const cubes = new Set(catalog.cubes.map(({ name }) => name));
  return (
    model.value ??
    model.features?.find((feature) => measures.get(feature)?.format === "currency") ??
    model.features?.find((feature) => cubes.has(ownerOf(feature)))
  );
};

/** One view for each model that sorts members into groups. */
export const labelViews = (spec: ProjectSpec, catalog: CatalogView): LabelView[] =>
  (spec.models ?? []).flatMap((model): LabelView[] => {
    const role =
      catalog.roles.find((each) => each.name === model.over) ??
      catalog.roles.find((each) => each.dimension === model.over);
    if (!role || model.main === null) return [];
    const value = valueOf(model, catalog);
    const view = {
      model,
      role,
      member: `${role.name}.${labelAttribute(model, model.main)}`,
      value,
      counting: countingMeasure(spec, role.name, value === undefined ? undefined : ownerOf(value)),
      geography: Object.values(role.hierarchies)[0]?.[0],
    };
    return [view];
  });
