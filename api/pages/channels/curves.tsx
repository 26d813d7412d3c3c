/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Response curves, a small picture a channel, all to one scale of response. */
import { raw } from "hono/html";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { ChannelAllocation } from "../../../engine/model/declarations.ts";
import { response } from "../../../engine/mining/allocation/response-curve.ts";
import type { Allocation } from "../../../engine/mining/index.ts";
import { formatNumber, responseCurveSvg } from "../../charts/index.ts";
import { columnsOf } from "./columns.ts";

export const Curves = ({
  allocation,
  plan,
  catalog,
}: {
  readonly allocation: ChannelAllocation;
  readonly plan: Allocation;
  readonly catalog: CatalogView;
}) => {
  const { spend, outcome } = columnsOf(allocation, catalog);
  const until = (c: Allocation["channels"][number]): number =>
    Math.max(c.current, c.recommended, c.curve.observed[1], c.bounds[1]);
  const top = Math.max(...plan.channels.map((c) => response(c.curve, until(c))));
  return (
    <article class="card wide">
      <header>
        <h2>Response to spend</h2>
        <span class="faint small">extra {outcome.title.toLowerCase()} a period, one scale for all</span>
      </header>
      <div class="body">
        <ul class="legend">
          <li>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <circle cx="5" cy="5" r="3.5" fill="none" stroke="var(--chart-ink-2)" stroke-width="1.8" />
            </svg>
            now
          </li>
          <li>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <circle cx="5" cy="5" r="4" fill="var(--series-1)" />
            </svg>
            recommended
          </li>
          <li>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <rect width="10" height="10" rx="2" fill="var(--series-1)" fill-opacity=".18" />
            </svg>
            spend that was seen
          </li>
          <li>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <path d="M0 5h10" stroke="var(--series-1)" stroke-width="2" stroke-dasharray="2 2" />
            </svg>
            extrapolated
          </li>
        </ul>
        <div class="multiples">
          {plan.channels.map((c) => (
            <figure>
              <figcaption>
                <b>{c.channel}</b>{" "}
                <span class="faint small">
                  explains {formatNumber(c.curve.r2, { format: "percent" })} of the ups and downs
                </span>
              </figcaption>
              <div class="chart">
                {raw(
                  responseCurveSvg(
                    {
                      title: c.channel,
                      at: (x) => response(c.curve, x),
                      observed: c.curve.observed,
                      now: c.current,
                      recommended: c.recommended,
                      until: until(c),
                      top,
                      spend,
                      outcome,
                    },
                    { width: 350 },
                  ),
                )}
              </div>
            </figure>
          ))}
        </div>
      </div>
    </article>
  );
};
