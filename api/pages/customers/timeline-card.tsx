/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The events of a customer, of every kind, newest first. */
import { formatDate } from "../../charts/index.ts";
import type { CustomerEvents } from "../../services/customers/customer-events.ts";
import { Card } from "../parts/card.tsx";
import { LeftOut } from "../parts/data-table.tsx";
import { useWords } from "../parts/words.ts";
import { timeline } from "./timeline.ts";

const MOST = 60;

export const TimelineCard = ({ events }: { readonly events: readonly CustomerEvents[] }) => {
  const { customers } = useWords();
  const all = timeline(events);
  const moments = all.slice(0, MOST);
  return moments.length === 0 ? null : (
    <Card title={customers.timeline} aside={customers.newestFirst}>
      <div class="timeline-scroll">
        <ol class="timeline">
          {moments.map(({ day, kind, cube, lines, what, amount }, i) => (
            <li class={`kind-${cube}`}>
              <time datetime={day} class={moments[i - 1]?.day === day ? "repeat" : ""}>
                {formatDate(day)}
              </time>
              <span class="badge">
                {kind}
                {lines > 1 ? ` × ${lines}` : ""}
              </span>
              <span class="what">{what}</span>
              <span class="num">{amount}</span>
            </li>
          ))}
        </ol>
      </div>
      <LeftOut shown={moments.length} whole={all.length} />
    </Card>
  );
};
