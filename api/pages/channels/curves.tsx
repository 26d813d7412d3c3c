/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Response curves, one small picture per channel, all to the same scale. */
import { raw } from "hono/html";
import { response } from "../../../engine/mining/allocation/response-curve.ts";
import type { Allocation } from "../../../engine/mining/index.ts";
import { formatNumber, responseCurveSvg } from "../../charts/index.ts";
import { Card } from "../parts/card.tsx";
import { useWords } from "../parts/words.ts";
import { columnsOf } from "./columns.ts";
import type { GainProps } from "./gain.tsx";

type ChannelPlan = Allocation["channels"][number];

/** The rightmost spend that is drawn. */
const untilOf = ({ current, recommended, curve, bounds }: ChannelPlan): number =>
  Math.max(current, recommended, curve.observed[1], bounds[1]);

const Legend = () => {
  const words = useWords().channels.curves;
  const entries = [
    [<circle cx="5" cy="5" r="3.5" fill="none" stroke="var(--chart-ink-2)" stroke-width="1.8" />, words.now],
    [<circle cx="5" cy="5" r="4" fill="var(--series-1)" />, words.recommended],
    [<rect width="10" height="10" rx="2" fill="var(--series-1)" fill-opacity=".18" />, words.observed],
    [<path d="M0 5h10" stroke="var(--series-1)" stroke-width="2" stroke-dasharray="2 2" />, words.extrapolated],
  ] as const;
  return (
    <ul class="legend">
      {entries.map(([mark, text]) => (
        <li>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            {mark}
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
};

export const Curves = ({ allocation, plan, catalog }: GainProps) => {
  const words = useWords().channels.curves;
  const { spend, outcome } = columnsOf(allocation, catalog);
  const top = Math.max(...plan.channels.map((channel) => response(channel.curve, untilOf(channel))));
  return (
    <Card title={words.title} aside={words.hint(outcome.title)} size="wide">
      <div class="body">
        <Legend />
        <div class="multiples">
          {plan.channels.map((channel) => {
            const { curve, current, recommended } = channel;
            const picture = {
              title: channel.channel,
              at: (x: number) => response(curve, x),
              observed: curve.observed,
              now: current,
              recommended,
              until: untilOf(channel),
              top,
              spend,
              outcome,
              words,
            };
            return (
              <figure>
                <figcaption>
                  <b>{channel.channel}</b>{" "}
                  <span class="faint small">{words.explains(formatNumber(curve.r2, { format: "percent" }))}</span>
                </figcaption>
                <div class="chart">{raw(responseCurveSvg(picture, { width: 350 }))}</div>
              </figure>
            );
          })}
        </div>
      </div>
    </Card>
  );
};
