/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Menus of members: one form whose buttons each add or remove a member. It is small and works without script. */
import type { CatalogView, CubeView } from "../../../engine/model/catalog-view.ts";
import type { Catalogue } from "../../i18n/index.ts";
import { cubesOfMeasure, hasOwner, lackOf, type Lack } from "../../services/measure-cubes.ts";
import { MenuSearch, NothingMatches } from "../parts/picker.tsx";
import { useWords } from "../parts/words.ts";
import { dimensionTitle } from "./member-words.ts";
import { stateParameters, type ExploreState } from "./state.ts";

export interface Choice {
  readonly member: string;
  readonly title: string;
  readonly what?: string | undefined;
  readonly unit?: string | undefined;
  /** why it cannot be chosen, unless that holds of its whole group */
  readonly not?: string | undefined;
  readonly chosen: boolean;
}

export interface ChoiceGroup {
  readonly title: string;
  /** why nothing of it can be chosen */
  readonly not?: string | undefined;
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

interface ChoiceButtonProps {
  readonly name: string;
  readonly choice: Choice;
  readonly disabled: boolean;
}

const ChoiceButton = ({ name, choice, disabled }: ChoiceButtonProps) => {
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
      {...(disabled ? { disabled: true } : {})}
    >
      <span>
        {title}
        {what ? <span class="what">{what}</span> : null}
        {not ? <span class="what not">{not}</span> : null}
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
          <h4>
            {group.title}
            {group.not ? <span class="not"> · {group.not}</span> : null}
          </h4>
          {group.choices.map((choice) => (
            <ChoiceButton
              name={name}
              choice={choice}
              disabled={!choice.chosen && (group.not !== undefined || choice.not !== undefined)}
            />
          ))}
        </div>
      ))}
      <NothingMatches />
    </div>
  </form>
);

/** Why a measure cannot be split by the dimensions, in words. */
const lackText = (lack: Lack, catalog: CatalogView, words: Catalogue["explore"]): string =>
  words.lacks(lack.cube.title, lack.members.map((member) => dimensionTitle(member, catalog)).join(", "));

/** All measures by cube; those with facts that lack a chosen dimension say so. */
export const measureGroups = (
  state: ExploreState,
  catalog: CatalogView,
  words: Catalogue["explore"],
): readonly ChoiceGroup[] => {
  const dimensions = [...state.by, ...(state.across ? [state.across] : [])];
  return catalog.cubes.map((cube) => {
    const reasons = cube.measures.map(({ member }) => {
      const lack = lackOf(member, dimensions, catalog);
      return lack === null ? undefined : lackText(lack, catalog, words);
    });
    // a reason that all share is said once
    const [shared] = reasons;
    const whole = reasons.every((reason) => reason === shared) ? shared : undefined;
    const choices = cube.measures.map(
      (measure, i): Choice => ({
        member: measure.member,
        title: measure.title,
        what: measure.description,
        unit: measure.format === "number" ? undefined : measure.format,
        not: whole === undefined ? reasons[i] : undefined,
        chosen: state.measures.includes(measure.member),
      }),
    );
    return { title: cube.title, not: whole, choices };
  });
};

/** Attributes by role and cube; those that a chosen measure does not know come last, and say why. */
export const dimensionGroups = (
  state: ExploreState,
  catalog: CatalogView,
  chosen: readonly string[],
  words: Catalogue["explore"],
): readonly ChoiceGroup[] => {
  const names = new Set(state.measures.flatMap((member) => [...cubesOfMeasure(member, catalog)]));
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
  const lacking = (owner: string): CubeView[] => cubes.filter((cube) => !hasOwner(cube, owner));
  return owners
    .filter(({ attributes }) => attributes.length > 0)
    .map((owner) => ({ ...owner, without: lacking(owner.name) }))
    .sort((a, b) => Number(a.without.length > 0) - Number(b.without.length > 0))
    .map(({ title, attributes, without }) => ({
      title,
      not: without.length > 0 ? words.notIn(without.map((cube) => cube.title).join(", ")) : undefined,
      choices: attributes.map((attribute) => ({
        member: attribute.member,
        title: attribute.title,
        what: attribute.description,
        unit: unitOf(attribute),
        chosen: chosen.includes(attribute.member),
      })),
    }));
};
