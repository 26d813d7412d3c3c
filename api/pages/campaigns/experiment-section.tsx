/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** One declared experiment: its totals, the lift of its groups, their verdicts, the method. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { ExperimentVerdict } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import type { Value } from "../../../engine/model/query.ts";
import { formatCount, formatDate, formatMember } from "../../charts/index.ts";
import { memberTitle } from "../explore/member-words.ts";
import { Card, Empty, Figure, TableHead } from "../parts/card.tsx";
import { compactMoney } from "../parts/money.ts";
import { PartFailed } from "../parts/problems.tsx";
import { useWords } from "../parts/words.ts";
import { groupHref, outcomeIn, type RunningGroup } from "./experiment-data.ts";
import { Forest, ForestLegend } from "./forest.tsx";
import { Method } from "./method.tsx";
import { VerdictTable } from "./verdict-table.tsx";

export interface ExperimentSectionProps {
  readonly experiment: Experiment;
  readonly found: readonly ExperimentVerdict[] | TesseraError;
  /** groups whose window is not over */
  readonly running: ReadonlyMap<Value, RunningGroup>;
  /** the outcome that is compared */
  readonly outcome: string;
  readonly period: string | null;
  readonly catalog: CatalogView;
  /** the page's address for another outcome */
  readonly href: (outcome: string) => string;
}

const liftOf = (verdict: ExperimentVerdict, outcome: string): number => {
  const own = outcomeIn(verdict, outcome);
  return own ? (own.adjusted ?? own.lift).difference : Number.NEGATIVE_INFINITY;
};

const Totals = ({ experiment, verdicts, outcome, catalog }: Omit<LoadedProps, "period" | "href" | "running">) => {
  const { campaigns } = useWords();
  const words = campaigns.summary;
  const sum = (of: (verdict: ExperimentVerdict) => number): number =>
    verdicts.reduce((total, verdict) => total + of(verdict), 0);
  const number = (of: (verdict: ExperimentVerdict) => boolean): string => formatCount(verdicts.filter(of).length);
  const differs = (verdict: ExperimentVerdict): boolean => {
    const own = outcomeIn(verdict, outcome);
    return own !== undefined && own.verdict !== "no difference shown";
  };
  return (
    <div class="figures">
      <Figure title={words.compared} value={formatCount(verdicts.length)} />
      <Figure title={campaigns.treated} value={formatCount(sum(({ treated }) => treated))} />
      <Figure title={campaigns.controlGroup} value={formatCount(sum(({ control }) => control))} />
      <Figure title={words.differenceShown} value={number(differs)} />
      {experiment.cost ? (
        <>
          <Figure title={words.paid} value={number(({ profit }) => profit !== null && profit.interval[0] > 0)} />
          <Figure title={words.lost} value={number(({ profit }) => profit !== null && profit.interval[1] < 0)} />
          <Figure title={campaigns.contactCost} value={compactMoney(catalog)(sum(({ profit }) => profit?.cost ?? 0))} />
        </>
      ) : null}
    </div>
  );
};

interface LoadedProps extends Omit<ExperimentSectionProps, "found"> {
  readonly verdicts: readonly ExperimentVerdict[];
}

const Heading = ({ experiment, outcome, catalog, href }: LoadedProps) => {
  const { campaigns } = useWords();
  return (
    <div class="model-head">
      <div>
        <h2>{experiment.title ?? experiment.name}</h2>
        {experiment.description ? <p class="dim">{experiment.description}</p> : null}
      </div>
      <nav class="segmented no-print" aria-label={campaigns.outcome}>
        {experiment.outcomes.map((each) => (
          <a href={href(each)} {...(each === outcome ? { "aria-current": "true" } : {})}>
            {memberTitle(each, catalog)}
          </a>
        ))}
      </nav>
    </div>
  );
};

/** Groups that are followed, and judged once their window is over. */
const Running = ({ experiment, verdicts, running, period }: LoadedProps) => {
  const { campaigns } = useWords();
  const words = campaigns.running;
  return verdicts.length === 0 ? null : (
    <Card title={words.title} aside={words.hint} size="wide">
      <div class="table-wrap">
        <table class="data">
          <TableHead
            columns={[words.group, words.until, { number: campaigns.treated }, { number: campaigns.controlGroup }]}
          />
          <tbody>
            {verdicts.map(({ group, treated, control }) => (
              <tr>
                <td>
                  <a class="strong" href={groupHref(experiment.name, group, period)}>
                    {formatMember(group, { name: experiment.by, type: "string" })}
                  </a>
                </td>
                <td>{formatDate(running.get(group)?.until ?? "")}</td>
                <td class="num">{formatCount(treated)}</td>
                <td class="num">{formatCount(control)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
};

const Loaded = (props: LoadedProps) => {
  const { experiment, running, outcome, period, catalog } = props;
  const verdicts = props.verdicts.filter(({ group }) => !running.has(group));
  const open = props.verdicts.filter(({ group }) => running.has(group));
  const { campaigns } = useWords();
  const title = campaigns.liftIn(memberTitle(outcome, catalog));
  const link = ({ group }: ExperimentVerdict): string => groupHref(experiment.name, group, period);
  const shared = { experiment, verdicts, outcome, catalog };
  return (
    <section class="model-section wide" id={`experiment-${experiment.name}`}>
      <Heading {...props} />
      <Totals {...shared} />
      <div class="grid">
        <Running {...props} verdicts={open} />
        <Card title={title} aside={campaigns.liftHint} size="wide">
          <div class="body">
            <ForestLegend />
            <Forest verdicts={verdicts} outcome={outcome} title={title} catalog={catalog} width={1130} href={link} />
          </div>
        </Card>
        <Card title={campaigns.results} size="wide">
          <VerdictTable {...shared} title={memberTitle(experiment.by, catalog)} href={link} />
        </Card>
        <Method {...shared} />
      </div>
    </section>
  );
};

export const ExperimentSection = ({ found, ...props }: ExperimentSectionProps) => {
  const { campaigns, shared } = useWords();
  const { experiment, outcome } = props;
  const title = experiment.title ?? experiment.name;
  if (found instanceof TesseraError)
    return (
      <Card title={title} size="wide">
        <div class="body">
          <PartFailed error={found} />
        </div>
      </Card>
    );
  if (found.length === 0)
    return (
      <Card title={title} size="wide">
        <Empty title={campaigns.nothingDrawn}>{shared.period.longer}</Empty>
      </Card>
    );
  const verdicts = [...found].sort((a, b) => liftOf(b, outcome) - liftOf(a, outcome));
  return <Loaded {...props} verdicts={verdicts} />;
};
