/** Measures that tell what a channel did: spend, the outcome, and what the model's own formulas make of the two. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { ChannelAllocation } from "../../../engine/model/declarations.ts";

const names = (formula: string): string[] => formula.match(/[A-Za-z_][\w.]*/g) ?? [];

export const channelMeasures = (
  { spend, outcome, channel }: Pick<ChannelAllocation, "spend" | "outcome" | "channel">,
  catalog: CatalogView,
): string[] => {
  const role = channel.split(".")[0]!;
  const cubes = [...new Set([spend.split(".")[0]!, outcome.split(".")[0]!])].flatMap((name) =>
    catalog.cubes.filter((c) => c.name === name && c.roles.includes(role)),
  );
  const found = cubes.flatMap((cube) => {
    const full = (name: string): string => (name.includes(".") ? name : `${cube.name}.${name}`);
    const known = new Set(cubes.flatMap((c) => c.measures.map((m) => m.member)));
    return cube.measures
      .filter((m) => m.kind === "calculated")
      .flatMap((m) => {
        const parts = names(m.formula).map(full);
        return parts.includes(outcome) && parts.every((p) => known.has(p)) ? [...parts, m.member] : [];
      });
  });
  return [...new Set([spend, outcome, ...found])].slice(0, 12);
};
