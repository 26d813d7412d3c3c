/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A campaign as it runs: contacts, answers and spend to date, day by day, beside an even plan where there is one. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import type { Filter } from "../../../engine/model/filter.ts";
import type { Row } from "../../../engine/model/query.ts";
import type { Campaign } from "../../../etl/index.ts";
import type { ChartSpec } from "../../charts/index.ts";
import type { Reader } from "../../http/reader.ts";
import { ChartFigure } from "../parts/chart-figure.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { drawDay } from "./experiment-data.ts";

const DAY = 86_400_000;
/** Answers may come in for years; what is followed is the run. */
const MOST_DAYS = 120;
const addDays = (iso: string, n: number): string => new Date(Date.parse(iso) + n * DAY).toISOString().slice(0, 10);

export interface Followed {
  readonly title: string;
  readonly spec: ChartSpec;
}

/** Null where the experiment follows nothing, or nothing was sent yet. */
export async function followedOf(
  experiment: Experiment,
  own: Filter,
  plan: Campaign | null,
  reader: Reader,
): Promise<readonly Followed[] | TesseraError | null> {
  const { sent, answered, spent } = experiment.follow ?? {};
  const measures = [sent, answered, spent].filter((m) => m !== undefined);
  const role = drawDay(experiment, reader.catalog);
  if (measures.length === 0 || role === undefined) return null;
  const day = `${role}.day`;
  try {
    const { rows, columns } = await reader.query({
      measures,
      dimensions: [day],
      filters: [own, { member: day, operator: "not_null" }],
      limit: 10_000,
    });
    const first = plan?.drawnOn ?? (rows[0]?.[day] as string | undefined);
    if (first === undefined || rows.length === 0) return null;
    const until = [String(rows.at(-1)![day]), addDays(first, (plan?.plan.windowDays ?? MOST_DAYS) - 1)].sort()[0]!;
    const planned = new Map([
      [sent, plan?.summary?.treated],
      [spent, plan?.summary?.cost],
    ]);
    return measures.map((measure): Followed => {
      const column = columns.find((c) => c.name === measure)!;
      const whole = planned.get(measure);
      const at = new Map(rows.map((row) => [row[day], Number(row[measure] ?? 0)]));
      const drawn: Row[] = [];
      let sum = 0;
      for (let date = first, n = 1; date <= until; date = addDays(date, 1), n++) {
        sum += at.get(date) ?? 0;
        drawn.push({
          [day]: date,
          [measure]: sum,
          ...(whole !== undefined && { plan: Math.min(1, n / plan!.plan.windowDays) * whole }),
        });
      }
      const toDate = { ...column, title: `${column.title}, to date` };
      return {
        title: toDate.title,
        spec: {
          kind: "line",
          title: toDate.title,
          x: day,
          y: whole === undefined ? [measure] : [measure, "plan"],
          columns: [
            columns.find((c) => c.name === day)!,
            toDate,
            ...(whole === undefined ? [] : [{ ...column, name: "plan", title: "Plan, spread evenly" }]),
          ],
          rows: drawn,
        },
      };
    });
  } catch (error) {
    if (error instanceof TesseraError && error.code !== "cancelled") return error;
    throw error;
  }
}

export const DayByDay = ({ followed }: { readonly followed: readonly Followed[] | TesseraError | null }) =>
  followed === null ? null : followed instanceof TesseraError ? (
    <article class="card wide">
      <div class="body">
        <PartFailed error={followed} />
      </div>
    </article>
  ) : (
    <>
      {followed.map(({ title, spec }) => (
        <article class="card third">
          <header>
            <h2>{title}</h2>
          </header>
          <div class="body">
            <ChartFigure spec={spec} width={350} height={190} />
          </div>
        </article>
      ))}
    </>
  );
