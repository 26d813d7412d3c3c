/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Groups of an experiment as a table: treated against held out, what it brought, what it cost, what may be said of it. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import type { ExperimentVerdict, OutcomeVerdict } from "../../../engine/mining/index.ts";
import { formatCompact, formatMember, formatNumber } from "../../charts/index.ts";
import { count } from "../data/status.tsx";
import { outcomeWords, payingOutcome, pWords, verdictWords, type OutcomeWords } from "./experiment-data.ts";

export const Range = ({
  of,
  say,
}: {
  readonly of: readonly [number, number] | undefined;
  readonly say: (value: number) => string;
}) =>
  of === undefined || !of.every(Number.isFinite) ? null : (
    <div class="range">
      {say(of[0])} to {say(of[1])}
    </div>
  );

export const Verdict = ({ outcome }: { readonly outcome: OutcomeVerdict }) => {
  const { text, note, tone } = verdictWords(outcome);
  return (
    <>
      <span class={`badge ${tone === "none" ? "" : tone}`} {...(note ? { title: note } : {})}>
        {text}
        {note ? "*" : ""}
      </span>
      <div class="range">p {pWords(outcome.pAdjusted)}</div>
    </>
  );
};

/** Profit's sign is shown only where its interval leaves zero out. */
const signTone = (interval: readonly [number, number]): string =>
  interval[0] > 0 ? "up" : interval[1] < 0 ? "down" : "";

export interface VerdictTableProps {
  readonly experiment: Experiment;
  readonly verdicts: readonly ExperimentVerdict[];
  /** the outcome that is compared */
  readonly outcome: string;
  readonly title: string;
  readonly catalog: CatalogView;
  readonly href?: (verdict: ExperimentVerdict) => string;
}

export const VerdictTable = ({ experiment, verdicts, outcome, title, catalog, href }: VerdictTableProps) => {
  const first = verdicts.flatMap((v) => v.outcomes).find((o) => o.outcome === outcome);
  const paying = payingOutcome(experiment);
  const payingTitle = verdicts.flatMap((v) => v.outcomes).find((o) => o.outcome === paying)?.title;
  const words: OutcomeWords | null = first ? outcomeWords(first, catalog) : null;
  const money = (value: number): string =>
    formatCompact(value, { format: "currency", ...(catalog.currency && { currency: catalog.currency }) });
  const rate = (value: number): string =>
    Math.abs(value) < 10
      ? formatCompact(value, { format: "percent" })
      : `${formatNumber(Math.round(value), { format: "integer" })}×`;
  const signed =
    (say: (v: number) => string) =>
    (value: number): string =>
      (value > 0 ? "+" : "") + say(value);
  const name = (v: ExperimentVerdict): string => formatMember(v.group, { name: experiment.by, type: "string" });
  const hasCost = experiment.cost !== undefined;
  return (
    <div class="table-wrap">
      <table class="data verdicts">
        <thead>
          <tr>
            <th>{title}</th>
            <th title="Corrected for the number of comparisons">Verdict</th>
            <th class="num">Treated</th>
            <th class="num">{words?.share ? "Share" : "Mean"}, treated</th>
            <th class="num">{words?.share ? "Share" : "Mean"}, held out</th>
            <th class="num">Lift</th>
            {hasCost ? (
              <>
                <th class="num">Extra {payingTitle?.toLowerCase() ?? "outcome"}</th>
                <th class="num">Profit</th>
                <th class="num" title="Profit for each unit of contact cost">
                  Return
                </th>
              </>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {verdicts.map((v) => {
            const own = v.outcomes.find((o) => o.outcome === outcome),
              pays = v.outcomes.find((o) => o.outcome === paying);
            const best = own ? (own.adjusted ?? own.lift) : null;
            return (
              <tr>
                <td class="member">
                  {href ? (
                    <a class="strong" href={href(v)}>
                      {name(v)}
                    </a>
                  ) : (
                    name(v)
                  )}
                  {v.warnings.map((w) => (
                    <div class="range warned text">{w}</div>
                  ))}
                </td>
                <td>{own ? <Verdict outcome={own} /> : <span class="badge warn">cannot be said</span>}</td>
                <td class="num">
                  {count(v.treated)}
                  <div class="range">{count(v.control)} held out</div>
                </td>
                {own && best && words ? (
                  <>
                    <td class="num">
                      {words.mean(own.treated.mean)}
                      <Range of={own.treated.interval} say={words.mean} />
                    </td>
                    <td class="num">
                      {words.mean(own.control.mean)}
                      <Range of={own.control.interval} say={words.mean} />
                    </td>
                    <td class={`num ${own.verdict === "more" ? "up" : own.verdict === "less" ? "down" : ""}`}>
                      {words.lift(best.difference)}
                      <Range of={best.interval} say={words.lift} />
                    </td>
                  </>
                ) : (
                  <td colspan={3} class="faint">
                    not comparable
                  </td>
                )}
                {hasCost ? (
                  v.profit && pays?.total ? (
                    <>
                      <td class="num">
                        {signed(money)(pays.total.value)}
                        <div class="range">contacts cost {money(v.profit.cost)}</div>
                      </td>
                      <td class={`num ${signTone(v.profit.interval)}`}>
                        {signed(money)(v.profit.value)}
                        <Range of={v.profit.interval} say={money} />
                      </td>
                      <td class={`num ${signTone(v.profit.interval)}`}>
                        {v.profit.roi === null ? (
                          "–"
                        ) : (
                          <>
                            {signed(rate)(v.profit.roi)}
                            <Range
                              of={[v.profit.interval[0] / v.profit.cost, v.profit.interval[1] / v.profit.cost]}
                              say={rate}
                            />
                          </>
                        )}
                      </td>
                    </>
                  ) : (
                    <td colspan={3} />
                  )
                ) : null}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
};
