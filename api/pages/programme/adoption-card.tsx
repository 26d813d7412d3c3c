/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** How much the product is used, by week. */
import type { usageByWeek } from "../../../etl/index.ts";
import { formatNumber, type ChartSpec } from "../../charts/index.ts";
import { Card, Empty } from "../parts/card.tsx";
import { ChartFigure } from "../parts/chart-figure.tsx";
import { useWords } from "../parts/words.ts";

export const AdoptionCard = ({ weeks }: { readonly weeks: ReturnType<typeof usageByWeek> }) => {
  const words = useWords().programme.adoption;
  const requests = weeks.reduce((sum, week) => sum + week.requests, 0);
  const failed = weeks.reduce((sum, week) => sum + week.failed, 0);
  const callers = Math.max(0, ...weeks.map((week) => week.callers));
  const spec: ChartSpec = {
    kind: "bar",
    title: words.chart,
    x: "week",
    y: ["requests"],
    columns: [
      { name: "week", title: words.week, kind: "dimension", type: "date", level: "week" },
      { name: "requests", title: words.requests, kind: "measure", type: "integer", format: "integer" },
    ],
    rows: weeks.map((week) => ({ week: week.week, requests: week.requests })),
  };
  return (
    <Card title={words.title} aside={words.hint}>
      <div class="body">
        {requests === 0 ? (
          <Empty title={words.none}>{words.noneHint}</Empty>
        ) : (
          <>
            <ChartFigure spec={spec} width={540} height={190} table={false} />
            <p class="dim small">
              {words.summary(requests, callers, formatNumber(failed / requests, { format: "percent" }))}
            </p>
          </>
        )}
      </div>
    </Card>
  );
};
