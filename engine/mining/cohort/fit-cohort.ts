/** Cohorts by the period of the first event, and how many of each return; periods that are not over yet stay blank. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { toIso } from "../../model/time/calendar.ts";
import { dimension, measure } from "../columns.ts";
import { eventDays } from "../event-days.ts";
import { defineTechnique, type Findings, type MiningContext, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { first } from "../../lookup.ts";

/** Groups members by the period of their first event. */
export interface CohortModel extends ModelSpec {
  readonly technique: "cohort";
  /** cube of the events */
  readonly events: string;
  /** width of a cohort and of a step; `quarter` by default */
  readonly period?: "month" | "quarter";
}

/** A cohort a number of periods after its first. */
interface Cell {
  readonly cohort: string;
  readonly step: number;
  readonly size: number;
  readonly active: number;
}

/** What fitting found. */
export interface CohortFit {
  readonly cells: readonly Cell[];
  readonly members: number;
}

async function fit(context: MiningContext<CohortModel>): Promise<CohortFit> {
  const { connection, model, asOf } = context;
  const period = model.period ?? "quarter";
  context.onProgress("reading events");
  await eventDays(context, "cohort_days");
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE cohort_members AS
     SELECT key, date_trunc('${period}', min(day))::DATE AS cohort FROM cohort_days GROUP BY key`,
  );
  // only steps that are over count, so that a period that has just begun does not look like a loss
  const today = `DATE '${toIso(asOf)}'`;
  const months = period === "month" ? 1 : 3;
  const read = await connection.runAndReadAll(
    `WITH sizes AS (SELECT cohort, count(*)::INTEGER AS size FROM cohort_members GROUP BY cohort),
       steps AS (
         SELECT cohort, size, step
         FROM sizes, LATERAL (
           SELECT unnest(range(0, date_diff('${period}', cohort, ${today}) + 1))::INTEGER AS step
         ) WHERE (cohort + to_months((step + 1) * ${months}))::DATE <= ${today} + 1),
       seen AS (
         SELECT cohort, date_diff('${period}', cohort, date_trunc('${period}', day))::INTEGER AS step,
           count(DISTINCT key)::INTEGER AS active
         FROM cohort_days JOIN cohort_members USING (key) GROUP BY 1, 2)
     SELECT cohort::VARCHAR, step, size, coalesce(active, 0)::INTEGER
     FROM steps LEFT JOIN seen USING (cohort, step) ORDER BY cohort, step`,
  );
  const cells = read.getRows().map(
    ([cohort, step, size, active]): Cell => ({
      cohort: nameOf(String(cohort), period),
      step: Number(step),
      size: Number(size),
      active: Number(active),
    }),
  );
  if (cells.length === 0)
    throw new TesseraError("too-little-data", phrase`model "${model.name}": no ${period} is over yet`, {
      place: `model ${model.name}`,
      remedy: "load more, or use a shorter period",
    });
  const counted = await connection.runAndReadAll("SELECT count(*)::INTEGER FROM cohort_members");
  return { cells, members: Number(first(counted.getRows())[0]) };
}

const nameOf = (day: string, period: "month" | "quarter"): string =>
  period === "month" ? day.slice(0, 7) : `${day.slice(0, 4)} Q${1 + Math.floor((Number(day.slice(5, 7)) - 1) / 3)}`;

const score = ({ model }: MiningContext<CohortModel>): string => {
  const name =
    (model.period ?? "quarter") === "month" ? "strftime(cohort, '%Y-%m')" : "year(cohort) || ' Q' || quarter(cohort)";
  return `SELECT key, ${name} AS cohort FROM cohort_members`;
};

function report({ model }: MiningContext<CohortModel>, { cells, members }: CohortFit): Findings {
  const period = model.period ?? "quarter";
  const later = cells.filter((c) => c.step > 0);
  const rows = later.map((c) => ({
    cohort: c.cohort,
    step: c.step,
    share: c.active / c.size,
    active: c.active,
    size: c.size,
  }));
  const steps = [...new Set(later.map((c) => c.step))].sort((a, b) => a - b);
  // weighted by members, over the cohorts for which the step is known
  const mean = steps.map((step) => {
    const of = later.filter((c) => c.step === step);
    return {
      step,
      share: of.reduce((a, c) => a + c.active, 0) / of.reduce((a, c) => a + c.size, 0),
      cohorts: of.length,
    };
  });
  const next = mean[0];
  const cohort = dimension("cohort", `First ${period}`);
  const after = dimension("step", `${first(period).toUpperCase()}${period.slice(1)}s after`, "integer");
  return {
    members,
    parameters: { events: model.events, period },
    figures: [
      { title: "Members with an event", value: members, format: "integer" },
      { title: "Cohorts", value: new Set(cells.map((c) => c.cohort)).size, format: "integer" },
      {
        title: `Retention in the next ${period}`,
        value: next?.share ?? null,
        format: "percent",
        note: next
          ? `mean of ${next.cohorts} cohorts, weighted by members`
          : `no ${period} after the first is over yet`,
      },
    ],
    sections: [
      {
        title: "Retention",
        chart: "heatmap",
        wide: true,
        columns: [cohort, after, measure("share", "Active", "percent")],
        rows,
        note: `Share of each cohort with an event in the ${period}. Blank: the ${period} is not over yet.`,
      },
      {
        title: "Average retention",
        plot: { kind: "curve", x: "step", y: ["share"] },
        columns: [after, measure("share", "Active", "percent"), measure("cohorts", "Cohorts", "integer")],
        rows: mean,
      },
      {
        title: "Cohort sizes",
        chart: "bar",
        columns: [cohort, measure("size", "Members", "integer")],
        rows: cells.filter((c) => c.step === 0).map((c) => ({ cohort: c.cohort, size: c.size })),
      },
    ],
    notes: [
      `A member belongs to the ${period} of the first event loaded: the earliest cohorts hold older members too.`,
    ],
  };
}

/** The technique `cohort`. */
export const cohort = defineTechnique<CohortModel>()({
  ...OUTPUTS.cohort,
  fit,
  score,
  report,
});
