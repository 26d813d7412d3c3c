/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Groups of an experiment as a table: treated against control group, lift, profit and verdict. */
import type { ExperimentVerdict, OutcomeVerdict } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import { formatCompact, formatCount, formatMember, formatNumber, NOTHING } from "../../charts/index.ts";
import { compactMoney } from "../parts/money.ts";
import { useWords } from "../parts/words.ts";
import { outcomeIn, payingOutcome } from "./experiment-data.ts";
import {
  intervalTone,
  outcomeFormat,
  pText,
  signed,
  verdictText,
  verdictTone,
  type OutcomeFormat,
} from "./outcome-format.ts";

export interface RangeProps {
  readonly of: readonly [number, number] | undefined;
  readonly print: (value: number) => string;
}

/** An interval in small print; nothing where it is not finite. */
export const Range = ({ of, print }: RangeProps) => {
  const { shared } = useWords();
  if (!of?.every(Number.isFinite)) return null;
  return <div class="range">{shared.range(print(of[0]), print(of[1]))}</div>;
};

/** The corrected verdict as a badge, with its p value. */
export const Verdict = ({ outcome }: { readonly outcome: OutcomeVerdict }) => {
  const words = useWords().campaigns.verdicts;
  const { text, note, tone } = verdictText(outcome, words);
  return (
    <>
      <span class={`badge ${tone === "none" ? "" : tone}`} {...(note ? { title: note } : {})}>
        {text}
        {note ? "*" : ""}
      </span>
      <div class="range">{words.p(pText(outcome.pAdjusted))}</div>
    </>
  );
};

export interface VerdictTableProps {
  readonly experiment: Experiment;
  readonly verdicts: readonly ExperimentVerdict[];
  /** the outcome that is compared */
  readonly outcome: string;
  /** the title of the groups' dimension */
  readonly title: string;
  readonly catalog: CatalogView;
  readonly href?: (verdict: ExperimentVerdict) => string;
}

const rateText = (value: number): string =>
  Math.abs(value) < 10
    ? formatCompact(value, { format: "percent" })
    : `${formatNumber(Math.round(value), { format: "integer" })}×`;

const NameCell = ({
  verdict,
  experiment,
  href,
}: Pick<VerdictTableProps, "experiment" | "href"> & { readonly verdict: ExperimentVerdict }) => {
  const name = formatMember(verdict.group, { name: experiment.by, type: "string" });
  return (
    <td class="member">
      {href ? (
        <a class="strong" href={href(verdict)}>
          {name}
        </a>
      ) : (
        name
      )}
      {verdict.warnings.map((warning) => (
        <div class="range warned text">{warning}</div>
      ))}
    </td>
  );
};

const OutcomeCells = ({ outcome, format }: { readonly outcome: OutcomeVerdict; readonly format: OutcomeFormat }) => {
  const best = outcome.adjusted ?? outcome.lift;
  return (
    <>
      {[outcome.treated, outcome.control].map(({ mean, interval }) => (
        <td class="num">
          {format.mean(mean)}
          <Range of={interval} print={format.mean} />
        </td>
      ))}
      <td class={`num ${verdictTone(outcome)}`}>
        {format.lift(best.difference)}
        <Range of={best.interval} print={format.lift} />
      </td>
    </>
  );
};

interface ProfitCellsProps {
  readonly verdict: ExperimentVerdict;
  readonly paying: string;
  readonly catalog: CatalogView;
}

const ProfitCells = ({ verdict, paying, catalog }: ProfitCellsProps) => {
  const words = useWords().campaigns.table;
  const money = compactMoney(catalog);
  const { profit } = verdict;
  const total = outcomeIn(verdict, paying)?.total;
  if (!profit || !total) return <td colspan={3} />;
  const [low, high] = profit.interval;
  const tone = intervalTone(profit.interval);
  return (
    <>
      <td class="num">
        {signed(money(total.value), total.value)}
        <div class="range">{words.contactsCost(money(profit.cost))}</div>
      </td>
      <td class={`num ${tone}`}>
        {signed(money(profit.value), profit.value)}
        <Range of={profit.interval} print={money} />
      </td>
      <td class={`num ${tone}`}>
        {profit.roi === null ? (
          NOTHING
        ) : (
          <>
            {signed(rateText(profit.roi), profit.roi)}
            <Range of={[low / profit.cost, high / profit.cost]} print={rateText} />
          </>
        )}
      </td>
    </>
  );
};

const Heads = ({
  experiment,
  verdicts,
  title,
  format,
}: VerdictTableProps & { readonly format: OutcomeFormat | null }) => {
  const { campaigns } = useWords();
  const words = campaigns.table;
  const paying = verdicts.flatMap((verdict) => outcomeIn(verdict, payingOutcome(experiment)) ?? [])[0];
  return (
    <thead>
      <tr>
        <th>{title}</th>
        <th title={words.corrected}>{campaigns.verdict}</th>
        <th class="num">{campaigns.treated}</th>
        <th class="num">{format?.share ? words.treatedShare : words.treatedMean}</th>
        <th class="num">{format?.share ? words.controlShare : words.controlMean}</th>
        <th class="num">{words.lift}</th>
        {experiment.cost === undefined ? null : (
          <>
            <th class="num">{paying ? words.extra(paying.title) : words.extraOutcome}</th>
            <th class="num">{campaigns.profit}</th>
            <th class="num" title={words.returnHint}>
              {words.returnOnSpend}
            </th>
          </>
        )}
      </tr>
    </thead>
  );
};

interface VerdictRowProps extends Omit<VerdictTableProps, "verdicts" | "title"> {
  readonly verdict: ExperimentVerdict;
}

const VerdictRow = ({ experiment, verdict, outcome, catalog, href }: VerdictRowProps) => {
  const { campaigns } = useWords();
  const own = outcomeIn(verdict, outcome);
  return (
    <tr>
      <NameCell verdict={verdict} experiment={experiment} href={href} />
      <td>{own ? <Verdict outcome={own} /> : <span class="badge warn">{campaigns.verdicts.unknown}</span>}</td>
      <td class="num">
        {formatCount(verdict.treated)}
        <div class="range">{campaigns.inControlGroup(formatCount(verdict.control))}</div>
      </td>
      {own ? (
        <OutcomeCells outcome={own} format={outcomeFormat(own, catalog)} />
      ) : (
        <td colspan={3} class="faint">
          {campaigns.verdicts.notComparable}
        </td>
      )}
      {experiment.cost === undefined ? null : (
        <ProfitCells verdict={verdict} paying={payingOutcome(experiment)} catalog={catalog} />
      )}
    </tr>
  );
};

export const VerdictTable = (props: VerdictTableProps) => {
  const { experiment, verdicts, outcome, catalog, href } = props;
  const [known] = verdicts.flatMap((verdict) => outcomeIn(verdict, outcome) ?? []);
  return (
    <div class="table-wrap">
      <table class="data verdicts">
        <Heads {...props} format={known ? outcomeFormat(known, catalog) : null} />
        <tbody>
          {verdicts.map((verdict) => (
            <VerdictRow experiment={experiment} verdict={verdict} outcome={outcome} catalog={catalog} href={href} />
          ))}
        </tbody>
      </table>
    </div>
  );
};
