/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Menus of members: one form whose buttons each add or remove a member. It is small and works without script. */
import type { CatalogView, CubeView } from "../../../engine/model/catalog-view.ts";
import type { Catalogue } from "../../i18n/index.ts";
import { ownerOf } from "../../services/catalog-index.ts";
import { MenuSearch, NothingMatches } from "../parts/picker.tsx";
import { useWords } from "../parts/words.ts";
import { dimensionTitle } from "./member-words.ts";
import { stateParameters, type ExploreState } from "./state.ts";

export interface Choice {
  readonly member: string;
  readonly title: string;
  readonly what?: string | undefined;
  readonly unit?: string | undefined;
  /** why it cannot be chosen */
  readonly not?: string | undefined;
  readonly chosen: boolean;
}

export interface ChoiceGroup {
  readonly title: string;
  readonly choices: readonly Choice[];
}

/** The state as hidden fields of a form. */
export const Hidden = ({ state }: { readonly state: ExploreState }) => (
  <>
    {stateParameters(state).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
);

const ChoiceButton = ({ name, choice }: { readonly name: string; readonly choice: Choice }) => {
  const { explore } = useWords();
  const { member, title, what, unit, not, chosen } = choice;
  const note = chosen ? explore.chosen : unit;
  return (
    <button
      type="submit"
      class={`option${chosen ? " on" : ""}`}
      name={name}
      value={member}
      data-option
      {...(not ? { disabled: true, title: not } : {})}
    >
      <span>
        {title}
        {what ? <span class="what">{what}</span> : null}
      </span>
      {note ? <span class="unit">{note}</span> : null}
    </button>
  );
};

export interface ChoicesProps {
  readonly state: ExploreState;
  /** the field that carries the chosen member */
  readonly name: string;
  readonly groups: readonly ChoiceGroup[];
  readonly search: string;
}

export const Choices = ({ state, name, groups, search }: ChoicesProps) => (
  <form method="get" action="/explore">
    <Hidden state={state} />
    <MenuSearch label={search} />
    <div class="scroll" data-options>
      {groups.map((group) => (
        <div data-group>
          <h4>{group.title}</h4>
          {group.choices.map((choice) => (
            <ChoiceButton name={name} choice={choice} />
          ))}
        </div>
      ))}
      <NothingMatches />
    </div>
  </form>
);

const knows = (cube: CubeView, owner: string): boolean => cube.name === owner || cube.roles.includes(owner);

/** All measures by cube; those whose cube lacks a chosen dimension say so. */
export const measureGroups = (
  state: ExploreState,
  catalog: CatalogView,
  words: Catalogue["explore"],
): readonly ChoiceGroup[] => {
  const dimensions = [...state.by, ...(state.across ? [state.across] : [])];
  return catalog.cubes.map((cube) => {
    const missing = dimensions.filter((member) => !knows(cube, ownerOf(member)));
    const titles = missing.map((member) => dimensionTitle(member, catalog)).join(", ");
    const not = missing.length > 0 ? words.lacks(cube.title, titles) : undefined;
    const choices = cube.measures.map((measure): Choice => {
      const chosen = state.measures.includes(measure.member);
      return {
        member: measure.member,
        title: measure.title,
        what: measure.description,
        unit: measure.format === "number" ? undefined : measure.format,
        not: chosen ? undefined : not,
        chosen,
      };
    });
    return { title: cube.title, choices };
  });
};

/** Attributes by role and cube, of those that all chosen measures know. */
export const dimensionGroups = (
  state: ExploreState,
  catalog: CatalogView,
  chosen: readonly string[],
  words: Catalogue["explore"],
): readonly ChoiceGroup[] => {
  const names = new Set(state.measures.map(ownerOf));
  const cubes = catalog.cubes.filter((cube) => names.has(cube.name));
  const unitOf = ({ model, level, type }: CubeView["attributes"][number]): string | undefined => {
    if (model) return words.mined;
    if (level) return words.period;
    return type === "string" ? undefined : type;
  };
  const owners = [
    ...catalog.roles.map(({ name, title, attributes }) => ({ name, title, attributes })),
    ...catalog.cubes
      .filter((cube) => cubes.length === 0 || cubes.includes(cube))
      .map(({ name, title, attributes }) => ({ name, title: words.ownAttributes(title), attributes })),
  ];
  return owners
    .filter(({ name, attributes }) => {
      const fits = cubes.every((cube) => knows(cube, name));
      return attributes.length > 0 && (fits || attributes.some((a) => chosen.includes(a.member)));
    })
    .map(({ title, attributes }) => ({
      title,
      choices: attributes.map((attribute) => ({
        member: attribute.member,
        title: attribute.title,
        what: attribute.description,
        unit: unitOf(attribute),
        chosen: chosen.includes(attribute.member),
      })),
    }));
};
