/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Each declared allocation: response curves, now against recommended, and the budget and bounds to try. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { ChannelAllocation } from "../../../engine/model/declarations.ts";
import type { Allocation } from "../../../engine/mining/index.ts";
import type { Result } from "../../../engine/model/query.ts";
import { allocationRequest } from "../../http/declared.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { periodFilters } from "../campaigns/experiment-data.ts";
import { Empty } from "../parts/chart-figure.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { PeriodPicker } from "../parts/period-picker.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { yearsOf } from "../parts/years.ts";
import { attributionReports, AttributionSections } from "./attribution.tsx";
import { channelMeasures } from "./channel-measures.ts";
import { parseChannelState, type ChannelState } from "./channel-state.ts";
import { Curves } from "./curves.tsx";
import { Gain, Plan } from "./plan.tsx";

type Found<T> = T | TesseraError;
const settled = async <T,>(work: Promise<T>): Promise<Found<T>> =>
  work.catch((error: unknown) => {
    if (error instanceof TesseraError && error.code !== "cancelled") return error;
    throw error;
  });

interface ChannelData {
  readonly plan: Found<Allocation>;
  readonly plain: Found<Allocation>;
  readonly figures: Found<Result>;
}

const dataOf = async (
  allocation: ChannelAllocation,
  state: ChannelState,
  reader: Reader,
  { project }: Services,
): Promise<ChannelData> => {
  const dateRole = allocation.period.split(".")[0];
  const filters = periodFilters(state.period, dateRole);
  const ask = (change: Parameters<typeof allocationRequest>[2]): Promise<Found<Allocation>> => {
    const request = allocationRequest(project.spec, allocation.name, change);
    return settled(reader.remember(["allocation", request], (o) => project.allocation(request, o)));
  };
  const figures = settled(
    reader.query({
      measures: channelMeasures(allocation, reader.catalog),
      dimensions: [allocation.channel],
      filters: [...(allocation.filters ?? []), ...filters, { member: allocation.spend, operator: "not_null" }],
      order: [{ member: allocation.spend, direction: "desc" }],
      limit: 100,
    }),
  );
  const plain = await ask({ filters });
  const changed = state.of === allocation.name && (state.budget !== null || Object.keys(state.bounds).length > 0);
  if (!changed || plain instanceof TesseraError) return { plan: plain, plain, figures: await figures };
  const bounds = Object.fromEntries(
    plain.channels
      .filter((c) => state.bounds[c.channel])
      .map((c) => [
        c.channel,
        [state.bounds[c.channel]!.least ?? c.bounds[0], state.bounds[c.channel]!.most ?? c.bounds[1]] as const,
      ]),
  );
  return {
    plan: await ask({ filters, bounds, ...(state.budget !== null && { budget: state.budget }) }),
    plain,
    figures: await figures,
  };
};

const Section = ({
  allocation,
  data,
  state,
  reader,
}: {
  readonly allocation: ChannelAllocation;
  readonly data: ChannelData;
  readonly state: ChannelState;
  readonly reader: Reader;
}) => {
  const title = allocation.title ?? allocation.name;
  const { plan, plain, figures } = data;
  const usable = plan instanceof TesseraError ? plain : plan;
  return (
    <section class="model-section wide" id={`allocation-${allocation.name}`}>
      <div class="model-head">
        <div>
          <h2>{title}</h2>
          {allocation.description ? <p class="dim">{allocation.description}</p> : null}
        </div>
      </div>
      {plan instanceof TesseraError ? (
        <div class="notice bad">
          <PartFailed error={plan} />
        </div>
      ) : (
        <Gain allocation={allocation} plan={plan} catalog={reader.catalog} />
      )}
      <div class="grid">
        {usable instanceof TesseraError ? null : (
          <>
            <Plan
              allocation={allocation}
              plan={usable}
              asked={state.of === allocation.name ? state : { ...state, budget: null, bounds: {} }}
              valid={!(plan instanceof TesseraError)}
              catalog={reader.catalog}
            />
            <Curves allocation={allocation} plan={usable} catalog={reader.catalog} />
            <article class="card wide">
              <header>
                <h2>To be read with</h2>
              </header>
              <div class="body">
                <ul class="notes dim">
                  {usable.notes.map((note) => (
                    <li>{note}</li>
                  ))}
                  <li>
                    A curve is fitted to {Math.min(...usable.channels.map((c) => c.curve.periods))} periods or more of
                    each channel: what went beyond the base line, falling off as spend grows, part of it felt in later
                    periods.
                  </li>
                  <li>The gain's interval is 90 %, by fitting the curves anew to resampled periods.</li>
                </ul>
              </div>
            </article>
          </>
        )}
        <article class="card wide">
          <header>
            <h2>What the channels did</h2>
          </header>
          {figures instanceof TesseraError ? (
            <div class="body">
              <PartFailed error={figures} />
            </div>
          ) : figures.rows.length === 0 ? (
            <Empty title="Nothing was spent in this period">Take a longer period.</Empty>
          ) : (
            <DataTable columns={figures.columns} rows={figures.rows} />
          )}
        </article>
      </div>
    </section>
  );
};

export const channelsPage = async (
  parameters: URLSearchParams,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const allocations = services.project.spec.allocations ?? [];
  const state = parseChannelState(parameters);
  const [frame, data, credited] = await Promise.all([
    frameOf(services, "Channels", "/channels", reader.manifest),
    Promise.all(allocations.map((a) => dataOf(a, state, reader, services))),
    attributionReports(reader, services),
  ]);
  const hidden = [...parameters].filter(
    ([name]) => name === "of" || name === "budget" || /^(least|most)\./.test(name),
  ) as [string, string][];
  const address = (period: string | null): string => {
    const q = new URLSearchParams([...(period ? [["period", period] as [string, string]] : []), ...hidden]).toString();
    return q ? `/channels?${q}` : "/channels";
  };
  return documentOf(
    <Layout frame={frame}>
      <Head title="Channels" description="What each channel's spend brings, and how the same money is best split.">
        {allocations.length > 0 ? (
          <PeriodPicker
            period={state.period}
            years={yearsOf(services, reader)}
            action="/channels"
            href={address}
            hidden={hidden}
            withAll
          />
        ) : null}
      </Head>
      {allocations.length === 0 ? (
        <div class="card">
          <Empty title="No allocation is declared">
            Declare one with <code>defineAllocation</code> in tessera.config.ts: what is spent, what should come of it,
            and the channel.
          </Empty>
        </div>
      ) : null}
      <div class="grid">
        {allocations.map((a, i) => (
          <Section allocation={a} data={data[i]!} state={state} reader={reader} />
        ))}
      </div>
      <AttributionSections found={credited} />
    </Layout>,
  );
};
