/** What every shelf of the explorer gets. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { ExploreState } from "./state.ts";

export interface ShelfProps {
  readonly state: ExploreState;
  readonly catalog: CatalogView;
  /** the address of the state with a change */
  readonly go: (change: Partial<ExploreState>) => string;
}
