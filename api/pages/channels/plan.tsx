/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The recommended split as a table whose budget and bounds are a form by GET, and what it is expected to gain. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { ChannelAllocation } from "../../../engine/model/declarations.ts";
import type { Allocation } from "../../../engine/mining/index.ts";
import { formatChange, formatCompact, formatNumber } from "../../charts/index.ts";
import type { ChannelState } from "./channel-state.ts";
import { columnsOf } from "./columns.ts";

const periodWord = (allocation: ChannelAllocation): string => allocation.period.split(".").at(-1) ?? "period";

export const Gain = ({
  allocation,
  plan,
  catalog,
}: {
  readonly allocation: ChannelAllocation;
  readonly plan: Allocation;
  readonly catalog: CatalogView;
}) => {
  const { spend, outcome } = columnsOf(allocation, catalog);
  const { gain } = plan;
  const plain = outcome.format === "integer" ? outcome : { ...outcome, format: outcome.format ?? "number" };
  const shown = gain.interval[0] > 0;
  const per = periodWord(allocation);
  return (
    <div class="figures">
      <div class="card">
        <span class="faint">Budget a {per}</span>
        <b>{formatCompact(plan.budget, spend)}</b>
      </div>
      <div class="card">
        <span class="faint">{outcome.title} from it now</span>
        <b>{formatCompact(plan.now, outcome)}</b>
      </div>
      <div class="card">
        <span class="faint">{outcome.title} as recommended</span>
        <b>{formatCompact(plan.then, outcome)}</b>
      </div>
      <div class="card">
        <span class="faint">Expected gain a {per}</span>
        <b class={shown ? "up" : ""}>
          {formatChange(gain.value, plain)}{" "}
          <span class="small">({formatChange(gain.rate, { format: "percent" })})</span>
        </b>
        <span class="faint">
          {formatChange(gain.interval[0], plain)} to {formatChange(gain.interval[1], plain)}, 90 %
        </span>
      </div>
      <div class="card">
        <span class="faint">{plan.shadowPrice > 0 ? "One more unit of budget brings" : "The bounds use"}</span>
        <b>
          {plan.shadowPrice > 0
            ? formatNumber(plan.shadowPrice, { format: "decimal" })
            : formatCompact(
                plan.channels.reduce((a, c) => a + c.recommended, 0),
                spend,
              )}
        </b>
      </div>
    </div>
  );
};

export const Plan = ({
  allocation,
  plan,
  asked,
  valid,
  catalog,
}: {
  readonly allocation: ChannelAllocation;
  readonly plan: Allocation;
  readonly asked: ChannelState /** false: what was asked could not be done, so the table tells the declared split */;
  readonly valid: boolean;
  readonly catalog: CatalogView;
}) => {
  const { spend, outcome } = columnsOf(allocation, catalog);
  const rounded = (value: number): string => String(Math.round(value));
  const sum = (of: (c: Allocation["channels"][number]) => number): number =>
    plan.channels.reduce((total, c) => total + of(c), 0);
  return (
    <article class="card wide">
      <header>
        <h2>Now and recommended</h2>
        <span class="faint small">
          {spend.title.toLowerCase()} a {periodWord(allocation)}
        </span>
      </header>
      <form method="get" action="/channels">
        <input type="hidden" name="of" value={allocation.name} />
        {asked.period === null ? null : <input type="hidden" name="period" value={asked.period} />}
        <div class="table-wrap">
          <table class="data plan">
            <thead>
              <tr>
                <th>Channel</th>
                <th class="num">Now</th>
                <th class="num">Recommended</th>
                <th class="num">Change</th>
                <th class="num">At least</th>
                <th class="num">At most</th>
                <th class="num">{outcome.title} now</th>
                <th class="num">Then</th>
                <th class="num">One more unit of money brings</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {plan.channels.map((c) => (
                <tr>
                  <td>{c.channel}</td>
                  <td class="num">{formatCompact(c.current, spend)}</td>
                  <td class="num">
                    <b>{formatCompact(c.recommended, spend)}</b>
                  </td>
                  <td class="num">
                    {c.current > 0 ? formatChange(c.recommended / c.current - 1, { format: "percent" }) : "–"}
                  </td>
                  <td class="num">
                    <input
                      class="amount"
                      type="text"
                      inputmode="decimal"
                      name={`least.${c.channel}`}
                      aria-label={`Least spend on ${c.channel}`}
                      value={asked.bounds[c.channel]?.least === undefined ? "" : String(asked.bounds[c.channel]!.least)}
                      placeholder={rounded(c.bounds[0])}
                    />
                  </td>
                  <td class="num">
                    <input
                      class="amount"
                      type="text"
                      inputmode="decimal"
                      name={`most.${c.channel}`}
                      aria-label={`Most spend on ${c.channel}`}
                      value={asked.bounds[c.channel]?.most === undefined ? "" : String(asked.bounds[c.channel]!.most)}
                      placeholder={rounded(c.bounds[1])}
                    />
                  </td>
                  <td class="num">{formatCompact(c.responseNow, outcome)}</td>
                  <td class="num">{formatCompact(c.responseThen, outcome)}</td>
                  <td class="num">{formatNumber(c.marginal, { format: "decimal" })}</td>
                  <td>
                    {c.extrapolated ? (
                      <>
                        <span class="badge warn">never spent</span>{" "}
                      </>
                    ) : null}
                    {c.recommended <= c.bounds[0] + 0.5 ? (
                      <span class="badge">at its least</span>
                    ) : c.recommended >= c.bounds[1] - 0.5 ? (
                      <span class="badge">at its most</span>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td>Total</td>
                <td class="num">
                  {formatCompact(
                    sum((c) => c.current),
                    spend,
                  )}
                </td>
                <td class="num">
                  {formatCompact(
                    sum((c) => c.recommended),
                    spend,
                  )}
                </td>
                <td />
                <td class="num">
                  {formatCompact(
                    sum((c) => c.bounds[0]),
                    spend,
                  )}
                </td>
                <td class="num">
                  {formatCompact(
                    sum((c) => c.bounds[1]),
                    spend,
                  )}
                </td>
                <td class="num">{formatCompact(plan.now, outcome)}</td>
                <td class="num">{formatCompact(plan.then, outcome)}</td>
                <td />
                <td />
              </tr>
            </tfoot>
          </table>
        </div>
        <div class="body toolbar">
          <label class="toolbar">
            Budget{" "}
            <input
              class="amount wide"
              type="text"
              inputmode="decimal"
              name="budget"
              value={asked.budget === null ? "" : String(asked.budget)}
              placeholder={rounded(plan.budget)}
            />
          </label>
          <button class="button primary" type="submit">
            Split it anew
          </button>
          {asked.budget !== null || Object.keys(asked.bounds).length > 0 ? (
            <a
              class="button bare"
              href={asked.period === null ? "/channels" : `/channels?period=${encodeURIComponent(asked.period)}`}
            >
              As declared
            </a>
          ) : null}
          {valid ? null : <span class="warned">What was asked could not be done: this is the declared split.</span>}
        </div>
      </form>
    </article>
  );
};
