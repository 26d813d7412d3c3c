/** The report on a learnt probability, judged on members it has not seen. */
import { at, first } from "../../lookup.ts";
import { toIso } from "../../model/time/calendar.ts";
import type { Row } from "../../model/query.ts";
import type { Engine } from "../../query/answer/engine.ts";
import { dimension, measure } from "../columns.ts";
import { descending, mean } from "../numeric/summary.ts";
import { f64 } from "../numeric/vector.ts";
import type { Findings, ReportSection } from "../technique.ts";
import { BASELINE, type Action, type Backtested, type Classified, type Words } from "./classified.ts";
import { leaksIn } from "./leaks.ts";
import { brier, topDecileLift } from "./logistic.ts";
import { compareAuc, deciles, gains, profits } from "./quality.ts";

const EXPLAINED = 10;

/** What the report says about the model rather than the classifier. */
export interface ClassifiedOptions {
  /** dimension of the members */
  readonly over: string;
  readonly action: Action | undefined;
  readonly parameters: Findings["parameters"];
  /** describes the unseen members */
  readonly unseenNote: string;
  readonly notes: readonly string[];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const percentage = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** Figures, sections and notes. */
export function classifiedReport(
  engine: Engine,
  { over, action, parameters, unseenNote, notes }: ClassifiedOptions,
  words: Words,
  found: Classified,
): Findings {
  const { titles, learnt, train, unseen, today, judged, rival, backtests } = found;
  const quality = compareAuc(judged, rival, unseen.y);
  const beats = quality.lead[0] > 0;
  const rows = deciles(judged, unseen.y);
  const top = first(rows);
  const base = mean(train.y);
  const constant = brier(new Float64Array(unseen.n).fill(base), unseen.y).toFixed(3);
  return {
    members: today.n,
    parameters: { ...parameters, features: titles.filter((_, j) => !learnt.unused.includes(j)) },
    figures: [
      {
        title: "AUC on unseen customers",
        value: quality.auc,
        format: "decimal",
        interval: quality.interval,
        note: `${BASELINE}: ${quality.rival.toFixed(3)}; ${beats ? "beats it" : "does not beat it"}`,
      },
      {
        title: "Lift of the top decile",
        value: topDecileLift(judged, unseen.y),
        format: "decimal",
        interval: [Number(top["lift_low"]), Number(top["lift_high"])],
        note: `how many times as often they ${words.came} as all customers`,
      },
      {
        title: "Brier score",
        value: brier(judged, unseen.y),
        format: "decimal",
        note: `predicting ${percentage(base)} for everyone gives ${constant}`,
      },
      {
        title: `${capital(words.came)}, share of unseen`,
        value: mean(unseen.y),
        format: "percent",
        note: unseenNote,
      },
    ],
    verdict: {
      beats,
      model: quality.auc,
      rival: quality.rival,
      against: BASELINE,
      by: "AUC on unseen customers",
      lead: quality.lead,
    },
    sections: [
      calibrationSection(rows),
      gainsSection(found, words),
      liftSection(rows, words),
      ...(action ? [profitSection(engine, found, action, words)] : []),
      ...(backtests.length > 0 ? [backtestSection(backtests, words)] : []),
      { ...learnt.section, title: learnt.section.title.replace("leaving", words.doing) },
      explanationSection(engine, found, over),
    ],
    notes: [
      ...notes,
      ...leaksIn(train.columns, train.y, titles).map(
        (leak) =>
          `Leak alarm: ${leak.title} alone predicts ${words.doing} (AUC ${leak.auc.toFixed(3)}). ` +
          "It probably includes what happened afterwards; leave it out.",
      ),
      ...(beats ? [] : [`The model is not shown to beat its baseline on unseen customers: use ${BASELINE}.`]),
      ...learnt.unused.map((j) => `${at(titles, j)} was left out: it is the same for all members.`),
    ],
  };
}

const calibrationSection = (rows: readonly Row[]): ReportSection => ({
  title: "Calibration on unseen customers",
  plot: { kind: "curve", x: "said", y: ["came"], band: ["low", "high"], diagonal: true },
  note:
    "Deciles by score: predicted share across, actual share up, with 95 % intervals. On the diagonal both " +
    "are equal.",
  columns: [
    { ...dimension("said", "Predicted", "number"), format: "percent" },
    measure("came", "Actual", "percent"),
    measure("low", "95 % low", "percent"),
    measure("high", "95 % high", "percent"),
    measure("tenth", "Decile", "integer"),
  ],
  rows: [...rows].reverse(),
});

const gainsSection = ({ judged, unseen }: Classified, { those }: Words): ReportSection => ({
  title: `Cumulative gains: ${those.toLowerCase()} found`,
  plot: { kind: "curve", x: "taken", y: ["found", "chance"] },
  columns: [
    { ...dimension("taken", "Customers selected by score", "number"), format: "percent" },
    measure("found", "By score", "percent"),
    measure("chance", "At random", "percent"),
  ],
  rows: gains(judged, unseen.y),
});

const liftSection = (rows: readonly Row[], { came }: Words): ReportSection => ({
  title: "Lift by decile",
  columns: [
    dimension("tenth", "Decile by score", "integer"),
    measure("came", capital(came), "percent"),
    measure("lift", "Lift"),
    measure("lift_low", "95 % low"),
    measure("lift_high", "95 % high"),
  ],
  rows,
});

function profitSection(
  engine: Engine,
  { judged, unseen }: Classified,
  { cost, worth, works }: Action,
  words: Words,
): ReportSection {
  const paid = profits(judged, unseen.y, { cost, worth, works: works ?? 1 });
  const { currency } = engine.catalog.project;
  const assumed =
    works === undefined
      ? `one who ${words.came} is worth ${worth}`
      : `a customer kept is worth ${worth} and contacts work for ${percentage(works)} of them`;
  return {
    title: "Profit by customers contacted",
    plot: {
      kind: "curve",
      x: "taken",
      y: ["profit"],
      mark: { at: paid.best.taken, words: `best: ${percentage(paid.best.taken)}` },
    },
    columns: [
      { ...dimension("taken", "Customers contacted, by score", "number"), format: "percent" },
      measure("profit", "Profit", "currency", currency ? { currency } : {}),
    ],
    rows: paid.rows,
    note:
      `If a contact costs ${cost} and ${assumed}: contact those with a score of ` +
      `${paid.best.score.toFixed(2)} or more. ${words.advice}`,
  };
}

const backtestSection = (backtests: readonly Backtested[], { came }: Words): ReportSection => ({
  title: "Backtest by cut-off",
  wide: true,
  note: "Each day is judged by a model learnt from cut-offs whose outcome was known by then.",
  columns: [
    dimension("on", "Judged on", "date"),
    measure("cutoffs", "Training cut-offs", "integer"),
    measure("members", "Members", "integer"),
    measure("came", capital(came), "percent"),
    measure("auc", "AUC"),
    measure("rival", "AUC of the baseline"),
    measure("brier", "Brier score"),
  ],
  rows: backtests.map((b) => ({ ...b, on: toIso(b.on) })),
});

function explanationSection(engine: Engine, { titles, learnt, today, keys }: Classified, over: string): ReportSection {
  const { base, parts, logOdds } = learnt.explain(today.columns);
  const riskiest = [...descending(logOdds).subarray(0, EXPLAINED)];
  return {
    title: "Explanation of the highest scores",
    wide: true,
    note: "Parts of the log odds: the base and the parts add up to the sum, which gives the probability.",
    columns: [
      dimension("member", engine.catalog.dimensions.get(over)?.title ?? over),
      measure("base", "Base"),
      ...titles.map((title, j) => measure(`part${j}`, title)),
      measure("sum", "Sum"),
      measure("chance", "Probability", "percent"),
    ],
    rows: riskiest.map((i) => ({
      member: at(keys, i),
      base,
      ...Object.fromEntries(parts.map((part, j) => [`part${j}`, f64(part, i)])),
      sum: f64(logOdds, i),
      chance: 1 / (1 + Math.exp(-f64(logOdds, i))),
    })),
  };
}
