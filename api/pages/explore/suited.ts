/** The measures of a query that can be split by its dimensions; one that cannot does not empty the page. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { lackOf, type Lack } from "../../services/measure-cubes.ts";
import type { ExploreState } from "./state.ts";

export interface LeftOutMeasure {
  readonly measure: string;
  readonly lack: Lack;
}

export interface Suited {
  readonly state: ExploreState;
  readonly leftOut: readonly LeftOutMeasure[];
}

/** The state without the measures that cannot be split; as it is where none can. */
export const suited = (state: ExploreState, catalog: CatalogView): Suited => {
  const dimensions = [...state.by, ...(state.across ? [state.across] : [])];
  const leftOut = state.measures.flatMap((measure): LeftOutMeasure[] => {
    const lack = lackOf(measure, dimensions, catalog);
    return lack === null ? [] : [{ measure, lack }];
  });
  if (leftOut.length === 0 || leftOut.length === state.measures.length) return { state, leftOut: [] };
  const gone = new Set(leftOut.map(({ measure }) => measure));
  const sort = state.sort !== null && gone.has(state.sort.member) ? null : state.sort;
  return { state: { ...state, sort, measures: state.measures.filter((each) => !gone.has(each)) }, leftOut };
};
