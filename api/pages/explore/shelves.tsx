/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The query as shelves of chips: measures, dimensions, filters, period and comparison. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { useWords } from "../parts/words.ts";
import { DimensionShelf } from "./dimension-shelf.tsx";
import { FilterShelf } from "./filter-shelf.tsx";
import { MeasureShelf } from "./measure-shelf.tsx";
import { stateHref, type ExploreState } from "./state.ts";

export interface ShelvesProps {
  readonly state: ExploreState;
  readonly catalog: CatalogView;
  readonly years: readonly number[];
  /** the days that the period means, where they are known */
  readonly range: readonly [string, string] | null | undefined;
}

export const Shelves = ({ state, catalog, years, range }: ShelvesProps) => {
  const { explore } = useWords();
  const go = (change: Partial<ExploreState>): string => stateHref({ ...state, ...change });
  return (
    <section class="card shelves" aria-label={explore.asked}>
      <div class="shelf">
        <h2>{explore.measures}</h2>
        <MeasureShelf state={state} catalog={catalog} go={go} />
      </div>
      <div class="shelf">
        <h2>{explore.by}</h2>
        <DimensionShelf state={state} catalog={catalog} go={go} />
      </div>
      <div class="shelf">
        <h2>{explore.filters}</h2>
        <FilterShelf state={state} catalog={catalog} go={go} years={years} range={range} />
      </div>
    </section>
  );
};
