/** What a learnt chance tells of members: scores with reasons, and a report on members it has not seen. */
import type { DuckDBConnection } from "duckdb";
import { toIso, type Day } from "../../model/time/calendar.ts";
import type { Engine } from "../../query/answer/engine.ts";
import { dimension, measure } from "../columns.ts";
import type { Findings, ReportSection } from "../technique.ts";
import type { Learnt } from "./classifier.ts";
import { auc, brier, topDecileLift } from "./logistic.ts";
import type { Population } from "./population.ts";
import { compareAuc, gains, profits, tenths } from "./quality.ts";

/** What can be done: what it costs to contact a member, what one is worth for whom it works, and how often it works on those the score is about. */
export interface Action {
  readonly cost: number;
  readonly worth: number;
  readonly works?: number;
}

/** How the outcome is spoken of. */
export interface Words {
  /** "left", "answered" */
  readonly came: string;
  /** "Leavers", "Answers" */
  readonly those: string;
  /** "leaving", "answering" */
  readonly doing: string;
  readonly advice: string;
}

export interface Classified {
  readonly titles: readonly string[];
  readonly learnt: Learnt;
  readonly train: Population;
  readonly unseen: Population;
  readonly today: Population;
  readonly judged: Float64Array;
  readonly rival: Float64Array;
  /** members of `today`, in its order */
  readonly keys: readonly string[];
  readonly backtests: readonly Backtested[];
}

/** One cut-off judged by what was learnt before it. */
export interface Backtested {
  readonly on: Day;
  readonly cutoffs: number;
  readonly members: number;
  readonly came: number;
  readonly auc: number;
  readonly rival: number;
  readonly brier: number;
}

export const LEAK = 0.95;
const EXPLAINED = 10;

/** Features that alone tell the outcome: they probably know what happened afterwards. */
export const leaksIn = (
  columns: readonly Float64Array[],
  y: Float64Array,
  titles: readonly string[],
): { readonly title: string; readonly auc: number }[] =>
  columns.map((c, j) => ({ title: titles[j]!, auc: strength(c, y) })).filter((f) => f.auc > LEAK);

/** AUC of one feature, whichever way it points; what is not known is the least. */
function strength(values: Float64Array, y: Float64Array): number {
  const a = auc(
    values.map((v) => (Number.isNaN(v) ? Number.NEGATIVE_INFINITY : v)),
    y,
  );
  return Math.max(a, 1 - a);
}

/** The score, its tenth (1 the most at risk), and the feature that raises it most against the average customer. */
export async function scoreMembers(
  connection: DuckDBConnection,
  { learnt, today, titles }: Classified,
  population: string,
): Promise<string> {
  const scores = learnt.score(today.columns);
  const { parts } = learnt.explain(today.columns);
  const means = today.columns.map((c) => {
    let [n, sum] = [0, 0];
    for (const v of c)
      if (!Number.isNaN(v)) {
        n++;
        sum += v;
      }
    return sum / Math.max(1, n);
  });
  await connection.run("CREATE OR REPLACE TEMP TABLE class_numbers (position INTEGER, score DOUBLE, reason VARCHAR)");
  const appender = await connection.createAppender("class_numbers", "main", "temp");
  for (let i = 0; i < scores.length; i++) {
    let best = -1;
    let most = 0;
    for (const [j, c] of parts.entries()) if (c[i]! > most) [best, most] = [j, c[i]!];
    appender.appendInteger(i);
    appender.appendDouble(scores[i]!);
    const value = best < 0 ? 0 : today.columns[best]![i]!;
    appender.appendVarchar(
      best < 0
        ? "nothing in particular"
        : Number.isNaN(value)
          ? `no ${titles[best]!.toLowerCase()}`
          : `${value > means[best]! ? "high" : "low"} ${titles[best]!.toLowerCase()}`,
    );
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`CREATE OR REPLACE TEMP TABLE class_scores AS SELECT k.key, n.score, (1 + least(9, (rank() OVER (ORDER BY n.score DESC) - 1) * 10 // count(*) OVER ()))::INTEGER AS decile, n.reason
    FROM (SELECT key, (row_number() OVER (ORDER BY key) - 1)::INTEGER AS position FROM ${population}) AS k JOIN class_numbers AS n USING (position)`);
  return "SELECT key, score, decile, reason FROM class_scores";
}

const capital = (text: string): string => text.replace(/^./, (c) => c.toUpperCase());

export function tellClassified(
  engine: Engine,
  {
    over,
    action,
    parameters,
    unseenNote,
    notes,
    against,
  }: {
    readonly over: string;
    readonly action: Action | undefined;
    readonly parameters: Findings["parameters"];
    readonly unseenNote: string;
    readonly notes: readonly string[];
    readonly against: string;
  },
  words: Words,
  { titles, learnt, train, unseen, today, judged, rival, keys, backtests }: Classified,
): Findings {
  const quality = compareAuc(judged, rival, unseen.y);
  const beats = quality.lead[0] > 0;
  const share = (y: Float64Array): number => y.reduce((a, b) => a + b, 0) / y.length;
  const leaks = leaksIn(train.columns, train.y, titles);
  const rows = tenths(judged, unseen.y);
  const tenth = dimension("tenth", "Tenth by score", "integer");
  const { currency } = engine.catalog.project;
  const money = { format: "currency" as const, ...(currency && { currency }) };
  const works = action?.works ?? 1;
  const paid = action && profits(judged, unseen.y, { ...action, works });
  const { base, parts, logOdds } = learnt.explain(today.columns);
  const riskiest = Array.from(logOdds.keys())
    .sort((a, b) => logOdds[b]! - logOdds[a]! || a - b)
    .slice(0, EXPLAINED);
  return {
    members: today.n,
    parameters: { ...parameters, features: titles.filter((_, j) => !learnt.unused.includes(j)) },
    figures: [
      {
        title: "AUC on unseen customers",
        value: quality.auc,
        format: "decimal",
        interval: quality.interval,
        note: `${against}: ${quality.rival.toFixed(3)}; ${beats ? "beats it" : "does not beat it"}`,
      },
      {
        title: "Lift of the top tenth",
        value: topDecileLift(judged, unseen.y),
        format: "decimal",
        interval: [Number(rows[0]!["lift_low"]), Number(rows[0]!["lift_high"])],
        note: `how much oftener they ${words.came} than all`,
      },
      {
        title: "Brier score",
        value: brier(judged, unseen.y),
        format: "decimal",
        note: `always saying ${(100 * share(train.y)).toFixed(0)} % gives ${brier(new Float64Array(unseen.n).fill(share(train.y)), unseen.y).toFixed(3)}`,
      },
      { title: `${capital(words.came)}, of the unseen`, value: share(unseen.y), format: "percent", note: unseenNote },
    ],
    verdict: {
      beats,
      model: quality.auc,
      rival: quality.rival,
      against,
      by: "AUC on unseen customers",
      lead: quality.lead,
    },
    sections: [
      {
        title: "Calibration on unseen customers",
        plot: { kind: "curve", x: "said", y: ["came"], band: ["low", "high"], diagonal: true },
        note: "Tenths by score: what was said across, what came up, with 95 % intervals. On the line both are the same.",
        columns: [
          dimension("said", "Said", "number"),
          measure("came", "Came", "percent"),
          measure("low", "95 % from", "percent"),
          measure("high", "to", "percent"),
          measure("tenth", "Tenth", "integer"),
        ].map((c) => (c.name === "said" ? { ...c, format: "percent" as const } : c)),
        rows: [...rows].reverse(),
      },
      {
        title: `${words.those} found`,
        plot: { kind: "curve", x: "taken", y: ["found", "chance"] },
        columns: [
          { ...dimension("taken", "Customers taken, by score", "number"), format: "percent" },
          measure("found", "By score", "percent"),
          measure("chance", "By chance", "percent"),
        ],
        rows: gains(judged, unseen.y),
      },
      {
        title: "Lift by tenth",
        columns: [
          tenth,
          measure("came", capital(words.came), "percent"),
          measure("lift", "Lift"),
          measure("lift_low", "95 % from"),
          measure("lift_high", "to"),
        ],
        rows,
      },
      ...(paid
        ? [
            {
              title: "Profit by how many are contacted",
              plot: {
                kind: "curve" as const,
                x: "taken",
                y: ["profit"],
                mark: { at: paid.best.taken, words: `best: ${(100 * paid.best.taken).toFixed(0)} %` },
              },
              columns: [
                { ...dimension("taken", "Customers contacted, by score", "number"), format: "percent" as const },
                { ...measure("profit", "Profit"), ...money },
              ],
              rows: paid.rows,
              note: `Were a contact to cost ${action!.cost}, ${action!.works === undefined ? `one who ${words.came}` : "a customer kept"} to be worth ${action!.worth}${action!.works === undefined ? "" : ` and the contact to work in ${(100 * works).toFixed(0)} % of them`}: contact those with a score of ${paid.best.score.toFixed(2)} or more. ${words.advice}`,
            },
          ]
        : []),
      ...(backtests.length > 0
        ? [
            {
              title: "Backtest by cut-off",
              wide: true,
              note: "Each day judged by what was learnt from cut-offs whose outcome was known on it.",
              columns: [
                dimension("on", "Judged on", "date"),
                measure("cutoffs", "Cut-offs learnt from", "integer"),
                measure("members", "Members", "integer"),
                measure("came", capital(words.came), "percent"),
                measure("auc", "AUC"),
                measure("rival", "AUC of the rival"),
                measure("brier", "Brier score"),
              ],
              rows: backtests.map((b) => ({ ...b, on: toIso(b.on) })),
            } satisfies ReportSection,
          ]
        : []),
      { ...learnt.section, title: learnt.section.title.replace("leaving", words.doing) },
      {
        title: "Reasons of the highest scores",
        wide: true,
        note: "Parts of the log odds: the base and the parts add up to the sum, and the sum is the chance.",
        columns: [
          dimension("member", engine.catalog.dimensions.get(over)?.title ?? over),
          measure("base", "Base"),
          ...titles.map((t, j) => measure(`part${j}`, t)),
          measure("sum", "Sum"),
          measure("chance", "Chance", "percent"),
        ],
        rows: riskiest.map((i) => ({
          member: keys[i]!,
          base,
          ...Object.fromEntries(parts.map((p, j) => [`part${j}`, p[i]!])),
          sum: logOdds[i]!,
          chance: 1 / (1 + Math.exp(-logOdds[i]!)),
        })),
      },
    ],
    notes: [
      ...notes,
      ...leaks.map(
        (l) =>
          `Leak alarm: ${l.title} alone tells of ${words.doing} (AUC ${l.auc.toFixed(3)}). It probably knows what happened afterwards; leave it out.`,
      ),
      ...(beats ? [] : [`The naive rival is no worse on unseen customers: use ${against}.`]),
      ...learnt.unused.map((j) => `${titles[j]} was left out: it does not differ.`),
    ],
  };
}
