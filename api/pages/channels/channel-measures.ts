/** Measures that show what a channel did: spend, outcome, and the model's formulas over both. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { ChannelAllocation } from "../../../engine/model/declarations.ts";
import { ownerOf } from "../../services/catalog-index.ts";

const MOST = 12;

const namesIn = (formula: string): string[] => formula.match(/[A-Za-z_][\w.]*/g) ?? [];

export const channelMeasures = (
  { spend, outcome, channel }: Pick<ChannelAllocation, "spend" | "outcome" | "channel">,
  catalog: CatalogView,
): string[] => {
  const owners = new Set([ownerOf(spend), ownerOf(outcome)]);
  const role = ownerOf(channel);
  const cubes = [...owners].flatMap((name) =>
    catalog.cubes.filter((cube) => cube.name === name && cube.roles.includes(role)),
  );
  const known = new Set(cubes.flatMap((cube) => cube.measures.map(({ member }) => member)));
  const formulas = cubes.flatMap((cube) =>
    cube.measures
      .filter(({ kind }) => kind === "calculated")
      .flatMap(({ member, formula }) => {
        const parts = namesIn(formula).map((name) => (name.includes(".") ? name : `${cube.name}.${name}`));
        return parts.includes(outcome) && parts.every((part) => known.has(part)) ? [...parts, member] : [];
      }),
  );
  return [...new Set([spend, outcome, ...formulas])].slice(0, MOST);
};
