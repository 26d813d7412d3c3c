/** What is asked for one group of an experiment besides its verdict: cuts of the outcome, and what other cubes know of it. */
import type { CatalogView, MeasureView } from "../../../engine/model/catalog-view.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import type { ProjectSpec } from "../../../engine/model/project.ts";
import { labelViews } from "../segments/label-attribute.ts";
import { membersIn } from "../explore/state-query.ts";

export interface Cut {
  readonly member: string;
  readonly title: string;
  readonly group: string;
}

/** Attributes that a group can be cut by: text and truth values of the cube's other dimensions. */
export const cutsOf = (experiment: Experiment, catalog: CatalogView): Cut[] => {
  const own = experiment.by.split(".")[0];
  const roles = catalog.cubes.find((c) => c.name === experiment.cube)?.roles ?? [];
  return catalog.roles
    .filter((r) => r.kind === "dimension" && roles.includes(r.name) && r.name !== own)
    .flatMap((r) =>
      r.attributes
        .filter(
          (a) => !a.isKey && !a.isLabel && (a.type === "string" || a.type === "boolean") && !IDENTIFIES.test(a.name),
        )
        .map((a) => ({ member: a.member, title: a.title, group: r.title })),
    );
};

/** Attributes with about as many values as there are members. */
const IDENTIFIES = /name|number|mail|phone|postcode|city|company|street|address/;

/** Three cuts to begin with: the outermost place, the first mining label, the outermost level of the next hierarchy. */
export const firstCuts = (experiment: Experiment, spec: ProjectSpec, catalog: CatalogView): Cut[] => {
  const cuts = cutsOf(experiment, catalog);
  const { attributes } = membersIn(catalog);
  const labels = labelViews(spec, catalog).map((l) => l.member);
  const outer = catalog.roles.flatMap((r) => Object.values(r.hierarchies).map((levels) => levels[0]));
  const wanted = [
    outer.find((m) => cuts.some((c) => c.member === m)),
    labels.find((m) => cuts.some((c) => c.member === m)),
    ...outer,
  ];
  return [...new Set(wanted)]
    .flatMap((m) => {
      const cut = cuts.find((c) => c.member === m);
      return cut && attributes.has(cut.member) ? [cut] : [];
    })
    .slice(0, 3);
};

export interface Echo {
  readonly cube: string;
  readonly title: string;
  readonly measures: readonly MeasureView[];
}

const MOVING = new Set(["running", "rolling", "to_date", "shift", "share", "rank"]);
const MOST = 12;

/** Other cubes that share the group's dimension, each with the measures that stay within it. */
export const echoesOf = (experiment: Experiment, catalog: CatalogView): Echo[] => {
  const role = experiment.by.split(".")[0]!;
  return catalog.cubes
    .filter((c) => c.name !== experiment.cube && c.roles.includes(role))
    .map((c) => ({
      cube: c.name,
      title: c.title,
      measures: c.measures.filter((m) => !MOVING.has(m.kind)).slice(0, MOST),
    }))
    .filter((e) => e.measures.length > 0);
};
