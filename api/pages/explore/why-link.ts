/** The way from an answer to the page that explains a change of its measure. */
import { EMPTY_STATE, stateHref, type ExploreState } from "./state.ts";

/** From the explorer or a dashboard: the same measure, conditions and period. */
export const whyOf = (state: ExploreState): string | null =>
  state.measures[0] === undefined
    ? null
    : stateHref(
        {
          ...EMPTY_STATE,
          measures: [state.measures[0]],
          where: state.where,
          segments: state.segments,
          filters: state.filters,
          period: state.period,
          on: state.on,
          compare: state.compare,
        },
        "/why",
      );
