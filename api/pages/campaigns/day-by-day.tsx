/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A campaign while it runs: contacts, responses and spend to date, next to the plan spread evenly. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import type { Filter } from "../../../engine/model/filter.ts";
import type { Column, Row } from "../../../engine/model/query.ts";
import type { Campaign } from "../../../etl/index.ts";
import type { ChartSpec } from "../../charts/index.ts";
import type { Catalogue } from "../../i18n/index.ts";
import type { Reader } from "../../services/reader.ts";
import { settled } from "../../services/settled.ts";
import { Card } from "../parts/card.tsx";
import { ChartFigure } from "../parts/chart-figure.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { drawDay } from "./experiment-data.ts";

const DAY_MS = 86_400_000;
/** Responses may come in for years; the charts show the run. */
const MOST_DAYS = 120;

const addDays = (iso: string, days: number): string =>
  new Date(Date.parse(iso) + days * DAY_MS).toISOString().slice(0, 10);

type FollowedWords = Catalogue["campaigns"]["followed"];

interface Course {
  readonly measure: Column;
  readonly day: Column;
  readonly rows: readonly Row[];
  readonly first: string;
  readonly until: string;
  /** the planned total, and the days it is spread over */
  readonly planned: number | undefined;
  readonly windowDays: number;
}

/** One row per day with the sum to date, and the plan to date where there is one. */
const cumulated = ({ measure, day, rows, first, until, planned, windowDays }: Course): Row[] => {
  const byDay = new Map(rows.map((row) => [row[day.name], Number(row[measure.name] ?? 0)]));
  const drawn: Row[] = [];
  let sum = 0;
  for (let date = first, n = 1; date <= until; date = addDays(date, 1), n++) {
    sum += byDay.get(date) ?? 0;
    const plan: Row = planned === undefined ? {} : { plan: Math.min(1, n / windowDays) * planned };
    drawn.push({ [day.name]: date, [measure.name]: sum, ...plan });
  }
  return drawn;
};

const chartOf = (course: Course, words: FollowedWords): ChartSpec => {
  const { measure, day, planned } = course;
  const title = words.toDate(measure.title);
  const planColumn = { ...measure, name: "plan", title: words.plan };
  return {
    kind: "line",
    title,
    x: day.name,
    y: planned === undefined ? [measure.name] : [measure.name, "plan"],
    columns: [day, { ...measure, title }, ...(planned === undefined ? [] : [planColumn])],
    rows: cumulated(course),
  };
};

/**
 * One chart for each measure that the experiment follows; null when it follows none, or nothing was sent yet.
 * @param own selects the campaign's group
 * @param campaign the saved campaign behind the group, for its plan
 */
export async function followedOf(
  experiment: Experiment,
  own: Filter,
  campaign: Campaign | null,
  reader: Reader,
  words: FollowedWords,
): Promise<readonly ChartSpec[] | TesseraError | null> {
  const { sent, answered, spent } = experiment.follow ?? {};
  const measures = [sent, answered, spent].filter((measure) => measure !== undefined);
  const role = drawDay(experiment, reader.catalog);
  if (measures.length === 0 || role === undefined) return null;
  const dayName = `${role}.day`;
  const found = await settled(
    reader.query({
      measures,
      dimensions: [dayName],
      filters: [own, { member: dayName, operator: "not_null" }],
      limit: 10_000,
    }),
  );
  if (found instanceof TesseraError) return found;
  const { rows, columns } = found;
  const days = rows.map((row) => String(row[dayName]));
  const first = campaign?.drawnOn ?? days[0];
  const latest = days.at(-1);
  if (first === undefined || latest === undefined) return null;
  const windowDays = campaign?.plan.windowDays ?? MOST_DAYS;
  const windowEnd = addDays(first, windowDays - 1);
  const until = latest < windowEnd ? latest : windowEnd;
  const planned = new Map([
    [sent, campaign?.summary?.treated],
    [spent, campaign?.summary?.cost],
  ]);
  const day = columns.find(({ name }) => name === dayName);
  return columns.flatMap((measure) =>
    day && measure.kind === "measure"
      ? [chartOf({ measure, day, rows, first, until, planned: planned.get(measure.name), windowDays }, words)]
      : [],
  );
}

export const DayByDay = ({ followed }: { readonly followed: readonly ChartSpec[] | TesseraError | null }) => {
  if (followed === null) return null;
  if (followed instanceof TesseraError)
    return (
      <article class="card wide">
        <div class="body">
          <PartFailed error={followed} />
        </div>
      </article>
    );
  return (
    <>
      {followed.map((spec) => (
        <Card title={spec.title} size="third">
          <div class="body">
            <ChartFigure spec={spec} width={350} height={190} />
          </div>
        </Card>
      ))}
    </>
  );
};
