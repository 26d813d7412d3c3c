/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The dimensions of the query: down the side, and one across. */
import { Picker } from "../parts/picker.tsx";
import { useWords } from "../parts/words.ts";
import { AddLabel, RemoveLink } from "./chip.tsx";
import { Choices, dimensionGroups } from "./choices.tsx";
import { dimensionTitle } from "./member-words.ts";
import type { ShelfProps } from "./shelf-props.ts";
import type { ExploreState } from "./state.ts";

/** Lays a dimension out across; one that is across already takes its place down the side. */
const laidAcross = ({ by, across }: ExploreState, member: string): Partial<ExploreState> => ({
  by: across === null ? by.filter((each) => each !== member) : by.map((each) => (each === member ? across : each)),
  across: member,
});

export const DimensionShelf = ({ state, catalog, go }: ShelfProps) => {
  const { explore } = useWords();
  const { by, across } = state;
  return (
    <div class="chips">
      {by.map((member) => (
        <span class="chip">
          <span>{dimensionTitle(member, catalog)}</span>
          <a
            class="off"
            href={go(laidAcross(state, member))}
            title={explore.layAcross}
            aria-label={explore.layMemberAcross(dimensionTitle(member, catalog))}
          >
            ⇄
          </a>
          <RemoveLink href={go({ by: by.filter((each) => each !== member) })} />
        </span>
      ))}
      <Picker name={explore.addDimension} button="button small bare" label={<AddLabel title={explore.dimension} />}>
        <Choices
          state={state}
          name="add-by"
          groups={dimensionGroups(state, catalog, by, explore)}
          search={explore.searchDimensions}
        />
      </Picker>
      {across ? (
        <span class="chip">
          <span>
            <span class="op">{explore.across} </span>
            {dimensionTitle(across, catalog)}
          </span>
          <a
            class="off"
            href={go({ across: null, by: [...by, across] })}
            title={explore.layDown}
            aria-label={explore.layDown}
          >
            ⇅
          </a>
          <RemoveLink href={go({ across: null })} />
        </span>
      ) : null}
    </div>
  );
};
