/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/channels`: recommended budgets with their response curves, and attribution. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { Allocation } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { ChannelAllocation } from "../../../engine/model/declarations.ts";
import type { Result } from "../../../engine/model/query.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { Card, Empty } from "../parts/card.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { PeriodPicker } from "../parts/period-picker.tsx";
import { FailureNotice, PartFailed } from "../parts/problems.tsx";
import { Prose } from "../parts/prose.tsx";
import { useWords } from "../parts/words.ts";
import { statedPeriod } from "../parts/stated.ts";
import { yearsOf } from "../parts/years.ts";
import { attributionReports, AttributionSections } from "./attribution.tsx";
import { channelData, type ChannelData } from "./channel-data.ts";
import { parseChannelState, type ChannelState } from "./channel-state.ts";
import { Curves } from "./curves.tsx";
import { Gain } from "./gain.tsx";
import { Plan } from "./plan.tsx";

interface AllocationSectionProps {
  readonly allocation: ChannelAllocation;
  readonly data: ChannelData;
  readonly state: ChannelState;
  readonly catalog: CatalogView;
}

const Notes = ({ plan }: { readonly plan: Allocation }) => {
  const { channels } = useWords();
  return (
    <Card title={channels.notes} size="wide">
      <div class="body">
        <ul class="notes dim">
          {plan.notes.map((note) => (
            <li>{note}</li>
          ))}
          <li>{channels.fitted(Math.min(...plan.channels.map(({ curve }) => curve.periods)))}</li>
          <li>{channels.resampled}</li>
        </ul>
      </div>
    </Card>
  );
};

const Figures = ({ figures }: { readonly figures: Result | TesseraError }) => {
  const { channels, shared } = useWords();
  if (figures instanceof TesseraError)
    return (
      <div class="body">
        <PartFailed error={figures} />
      </div>
    );
  if (figures.rows.length === 0) return <Empty title={channels.nothingSpent}>{shared.period.longer}</Empty>;
  return <DataTable columns={figures.columns} rows={figures.rows} />;
};

const AllocationSection = ({ allocation, data, state, catalog }: AllocationSectionProps) => {
  const { channels } = useWords();
  const { plan, declared, figures } = data;
  const failed = plan instanceof TesseraError;
  const shown = failed ? declared : plan;
  const unchanged: ChannelState = { ...state, budget: null, bounds: new Map() };
  return (
    <section class="model-section wide" id={`allocation-${allocation.name}`}>
      <div class="model-head">
        <div>
          <h2>{allocation.title ?? allocation.name}</h2>
          {allocation.description ? <p class="dim">{allocation.description}</p> : null}
        </div>
      </div>
      {failed ? <FailureNotice error={plan} /> : <Gain allocation={allocation} plan={plan} catalog={catalog} />}
      <div class="grid">
        {shown instanceof TesseraError ? null : (
          <>
            <Plan
              allocation={allocation}
              plan={shown}
              asked={state.of === allocation.name ? state : unchanged}
              valid={!failed}
              catalog={catalog}
            />
            <Curves allocation={allocation} plan={shown} catalog={catalog} />
            <Notes plan={shown} />
          </>
        )}
        <Card title={channels.results} size="wide">
          <Figures figures={figures} />
        </Card>
      </div>
    </section>
  );
};

export const channelsPage = async (
  parameters: URLSearchParams,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const words = services.words.channels;
  const allocations = services.project.spec.allocations ?? [];
  const state = parseChannelState(parameters);
  const [frame, sections, attributions] = await Promise.all([
    frameOf(services, words.title, "/channels", reader.manifest),
    Promise.all(
      allocations.map(async (allocation) => ({
        allocation,
        data: await channelData(allocation, state, reader, services),
      })),
    ),
    attributionReports(reader, services),
  ]);
  const hidden = [...parameters].filter(([name]) => /^(of|budget|(least|most)\..*)$/.test(name));
  const address = (period: string | null): string => {
    const query = new URLSearchParams([...(period ? [["period", period]] : []), ...hidden]);
    return query.size > 0 ? `/channels?${query}` : "/channels";
  };
  return documentOf(
    <Layout frame={frame}>
      <Head
        title={words.title}
        description={words.description}
        stated={[statedPeriod(state.period, null, services.words)]}
      >
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
          <Empty title={words.noAllocation}>
            <Prose text={words.noAllocationHint} />
          </Empty>
        </div>
      ) : null}
      <div class="grid">
        {sections.map(({ allocation, data }) => (
          <AllocationSection allocation={allocation} data={data} state={state} catalog={reader.catalog} />
        ))}
      </div>
      <AttributionSections found={attributions} />
    </Layout>,
  );
};
