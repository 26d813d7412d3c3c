/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The measures and calculations of the query. */
import { membersIn } from "../../services/catalog-index.ts";
import { Picker } from "../parts/picker.tsx";
import { useWords } from "../parts/words.ts";
import { AddLabel, Chip } from "./chip.tsx";
import { Choices, Hidden, measureGroups } from "./choices.tsx";
import { memberTitle } from "./member-words.ts";
import type { ShelfProps } from "./shelf-props.ts";
import type { ExploreState } from "./state.ts";

const CalculationForm = ({ state }: { readonly state: ExploreState }) => {
  const { explore } = useWords();
  return (
    <form method="get" action="/explore" class="calculation">
      <Hidden state={state} />
      <label>
        {explore.name}
        <input type="text" name="calculation-name" placeholder="cases_per_order" />
      </label>
      <label>
        {explore.formula}
        <input type="text" name="calculation-formula" placeholder="service.cases / sales.orders" required />
      </label>
      <p class="faint small">{explore.formulaHint}</p>
      <div class="apply">
        <button class="button small primary" type="submit">
          {explore.add}
        </button>
      </div>
    </form>
  );
};

export const MeasureShelf = ({ state, catalog, go }: ShelfProps) => {
  const { explore } = useWords();
  const { measures } = membersIn(catalog);
  return (
    <div class="chips">
      {state.measures.map((member) => (
        <Chip
          class="measure"
          title={measures.get(member)?.description ?? member}
          off={go({ measures: state.measures.filter((each) => each !== member) })}
        >
          {memberTitle(member, catalog)}
        </Chip>
      ))}
      {state.calculations.map((calculation) => (
        <Chip
          class="measure"
          title={calculation.formula}
          off={go({ calculations: state.calculations.filter((each) => each !== calculation) })}
        >
          {calculation.name.replaceAll("_", " ")} <span class="op">= {calculation.formula}</span>
        </Chip>
      ))}
      <Picker name={explore.addMeasure} button="button small bare" label={<AddLabel title={explore.measure} />}>
        <Choices
          state={state}
          name="add-measure"
          groups={measureGroups(state, catalog, explore)}
          search={explore.searchMeasures}
        />
      </Picker>
      <Picker name={explore.addCalculation} button="button small bare" label={<AddLabel title={explore.calculation} />}>
        <CalculationForm state={state} />
      </Picker>
    </div>
  );
};
