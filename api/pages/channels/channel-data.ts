/** What the page shows of one allocation: the recommended budget, the declared one, the channels' figures. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { Allocation, AllocationRequest } from "../../../engine/mining/index.ts";
import type { ChannelAllocation } from "../../../engine/model/declarations.ts";
import type { Result } from "../../../engine/model/query.ts";
import { ownerOf } from "../../services/catalog-index.ts";
import { allocationRequest } from "../../services/declared-requests.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { settled } from "../../services/settled.ts";
import { periodFilters } from "../parts/period.ts";
import { channelMeasures } from "./channel-measures.ts";
import type { ChannelState } from "./channel-state.ts";

export interface ChannelData {
  /** with the reader's budget and limits */
  readonly plan: Allocation | TesseraError;
  /** as declared */
  readonly declared: Allocation | TesseraError;
  readonly figures: Result | TesseraError;
}

type Change = Pick<AllocationRequest, "filters" | "budget" | "bounds">;

/** The reader's limits; a side that is not set keeps that of the declared budget. */
const boundsOf = ({ bounds }: ChannelState, declared: Allocation): NonNullable<AllocationRequest["bounds"]> =>
  Object.fromEntries(
    declared.channels.flatMap(({ channel, bounds: [low, high] }) => {
      const changed = bounds.get(channel);
      return changed ? [[channel, [changed.least ?? low, changed.most ?? high] as const]] : [];
    }),
  );

export const channelData = async (
  allocation: ChannelAllocation,
  state: ChannelState,
  reader: Reader,
  { project }: Services,
): Promise<ChannelData> => {
  const filters = periodFilters(state.period, ownerOf(allocation.period));
  const allocate = (change: Change): Promise<Allocation | TesseraError> => {
    const request = allocationRequest(project.spec, allocation.name, change);
    return settled(reader.remember(["allocation", request], (options) => project.allocation(request, options)));
  };
  const [declared, figures] = await Promise.all([
    allocate({ filters }),
    settled(
      reader.query({
        measures: channelMeasures(allocation, reader.catalog),
        dimensions: [allocation.channel],
        filters: [...(allocation.filters ?? []), ...filters, { member: allocation.spend, operator: "not_null" }],
        order: [{ member: allocation.spend, direction: "desc" }],
        limit: 100,
      }),
    ),
  ]);
  const changed = state.of === allocation.name && (state.budget !== null || state.bounds.size > 0);
  if (!changed || declared instanceof TesseraError) return { plan: declared, declared, figures };
  const bounds = boundsOf(state, declared);
  const plan = await allocate({ filters, bounds, ...(state.budget !== null && { budget: state.budget }) });
  return { plan, declared, figures };
};
