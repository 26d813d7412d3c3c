/** What the page of one group shows in addition to its verdict: breakdowns, and other cubes that know the group. */
import type { CatalogView, MeasureView } from "../../../engine/model/catalog-view.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import type { ProjectSpec } from "../../../engine/model/project.ts";
import { ownerOf } from "../../services/catalog-index.ts";
import { labelViews } from "../segments/label-attribute.ts";

/** An attribute that a group can be broken down by. */
export interface Cut {
  readonly member: string;
  readonly title: string;
  /** the title of its dimension */
  readonly group: string;
}

/** Attributes with about as many values as members. */
const IDENTIFYING = /name|number|mail|phone|postcode|city|company|street|address/;
const MOST_FIRST_CUTS = 3;

/** Text and truth values of the cube's other dimensions. */
export const cutsOf = (experiment: Experiment, catalog: CatalogView): Cut[] => {
  const roles = catalog.cubes.find(({ name }) => name === experiment.cube)?.roles ?? [];
  return catalog.roles
    .filter(({ kind, name }) => kind === "dimension" && roles.includes(name) && name !== ownerOf(experiment.by))
    .flatMap((role) =>
      role.attributes
        .filter(({ isKey, isLabel, type, name }) => {
          const cuts = type === "string" || type === "boolean";
          return cuts && !isKey && !isLabel && !IDENTIFYING.test(name);
        })
        .map(({ member, title }) => ({ member, title, group: role.title })),
    );
};

/** Three breakdowns to begin with: the outermost place, the first mined label, the next hierarchy's outermost level. */
export const firstCuts = (experiment: Experiment, spec: ProjectSpec, catalog: CatalogView): Cut[] => {
  const cuts = new Map(cutsOf(experiment, catalog).map((cut) => [cut.member, cut]));
  const outermost = catalog.roles
    .flatMap(({ hierarchies }) => Object.values(hierarchies).map((levels) => levels[0]))
    .filter((member) => member !== undefined);
  const label = labelViews(spec, catalog).find(({ member }) => cuts.has(member))?.member;
  const place = outermost.find((member) => cuts.has(member));
  const wanted = new Set([place, label, ...outermost].filter((member) => member !== undefined));
  return [...wanted].flatMap((member) => cuts.get(member) ?? []).slice(0, MOST_FIRST_CUTS);
};

/** Another cube that knows the group, with measures of it. */
export interface RelatedCube {
  readonly cube: string;
  readonly title: string;
  readonly measures: readonly MeasureView[];
}

const MOVING = new Set(["running", "rolling", "to_date", "shift", "share", "rank"]);
const MOST_MEASURES = 12;

export const relatedCubes = (experiment: Experiment, catalog: CatalogView): RelatedCube[] =>
  catalog.cubes
    .filter(({ name, roles }) => name !== experiment.cube && roles.includes(ownerOf(experiment.by)))
    .map(({ name, title, measures }) => ({
      cube: name,
      title,
      measures: measures.filter(({ kind }) => !MOVING.has(kind)).slice(0, MOST_MEASURES),
    }))
    .filter(({ measures }) => measures.length > 0);
