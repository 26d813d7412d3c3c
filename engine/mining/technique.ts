/**
 * What a mining technique is: the shape of its declaration, its outputs, and how it fits, scores and reports.
 * Each technique has a folder of its own and is registered once, in `techniques.ts`.
 */
import type { DuckDBConnection } from "duckdb";
import type { Day } from "../model/time/calendar.ts";
import type { ChartKind } from "../model/declarations.ts";
import type { Format } from "../model/measure.ts";
import type { ModelCommon, Output } from "../model/mining-model.ts";
import type { Column, Row } from "../model/query.ts";
import type { Engine } from "../query/answer/engine.ts";

/** A declaration: what is common to all models, the technique's name, and its own parameters. */
export interface ModelSpec extends ModelCommon {
  readonly technique: string;
}

/** What a technique works with. */
export interface MiningContext<S extends ModelSpec = ModelSpec> {
  readonly engine: Engine;
  readonly connection: DuckDBConnection;
  readonly model: S;
  /** the day the labels are valid from: later facts are ignored */
  readonly asOf: Day;
  readonly onProgress: (what: string, done?: number, total?: number) => void;
}

/** One headline number of a report. */
export interface Figure {
  readonly title: string;
  readonly value: number | null;
  readonly format: Format;
  /** 95 % unless the title says otherwise */
  readonly interval?: readonly [number, number];
  readonly note?: string;
}

/** Lines over numbers or days; field names are columns of the section. */
export interface CurvePlot {
  readonly kind: "curve";
  readonly x: string;
  /** one line a measure, or one measure with a line for each member of `series` */
  readonly y: readonly string[];
  readonly series?: string;
  /** lower and upper bound */
  readonly band?: readonly [string, string];
  /** steps instead of slopes, for survival curves */
  readonly step?: boolean;
  /** the line on which predicted and actual agree */
  readonly diagonal?: boolean;
  readonly mark?: { readonly at: number | string; readonly words: string };
}

/** Flows from one member to the next. */
export interface FlowPlot {
  readonly kind: "flow";
  readonly from: string;
  readonly to: string;
  readonly value: string;
}

/** Contributions that lead from one total to another. */
export interface BridgePlot {
  readonly kind: "bridge";
  readonly step: string;
  readonly value: string;
  readonly from: number;
  readonly until: number;
}

/** A picture that a chart over members cannot give; its fields name columns of the section. */
export type Plot = CurvePlot | FlowPlot | BridgePlot;

/** A part of a report: a table, and how to draw it where it should be drawn. */
export interface ReportSection {
  readonly title: string;
  readonly note?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly chart?: ChartKind;
  readonly plot?: Plot;
  /** takes the whole width of the page */
  readonly wide?: boolean;
}

/** Whether a model is better than its baseline, the simplest thing to do without it, on data it has not seen. */
export interface Verdict {
  readonly beats: boolean;
  readonly model: number;
  /** the same figure of the baseline */
  readonly rival: number;
  /** the baseline, in words */
  readonly against: string;
  /** what is compared, for example `AUC on unseen customers` */
  readonly by: string;
  /** 95 % interval of the model's lead over the baseline, in the compared unit; positive is better */
  readonly lead: readonly [number, number];
}

/** What a fitted model says about itself, as published with a version. */
export interface Report {
  readonly model: string;
  readonly title: string;
  readonly technique: string;
  readonly over: string;
  readonly asOf: string;
  readonly dataVersion: number | null;
  readonly seed: number;
  /** members with a label, or members examined by a technique without labels */
  readonly members: number;
  readonly parameters: { readonly [name: string]: string | number | readonly string[] };
  readonly figures: readonly Figure[];
  /** absent where a technique only describes */
  readonly verdict?: Verdict;
  readonly sections: readonly ReportSection[];
  /** what a reader must know before relying on it */
  readonly notes: readonly string[];
  /** hash of data, parameters and seed: the same fingerprint gives the same labels */
  readonly fingerprint: string;
}

/** The part of a report that a technique writes; the rest follows from the model and the version. */
export type Findings = Omit<
  Report,
  "fingerprint" | "dataVersion" | "asOf" | "technique" | "model" | "title" | "over" | "seed"
>;

/**
 * A technique.
 * @typeParam S its declaration
 * @typeParam O output name to type and title
 * @typeParam F the result of fitting, handed from `fit` to `score` and `report`
 */
export interface Technique<
  S extends ModelSpec = ModelSpec,
  O extends { readonly [output: string]: Output } = { readonly [output: string]: Output },
  F = unknown,
> {
  readonly name: S["technique"];
  readonly title: string;
  readonly outputs: O;
  /** the output that sorts members into groups; null where none does */
  readonly main: (keyof O & string) | null;
  /** @throws TesseraError `mining-invalid` for members that do not fit, `too-little-data` */
  fit(context: MiningContext<S>): Promise<F>;
  /** A SELECT over the workbench with `key` and one column an output; null for a technique without labels. */
  score(context: MiningContext<S>, fitted: F): Promise<string> | string | null;
  report(context: MiningContext<S>, fitted: F): Promise<Findings> | Findings;
}

/**
 * Defines a technique and keeps the types of its outputs, which name attributes in typed projects. A project can write
 * one of its own and pass it to `defineModel`.
 * @typeParam S what a model of the technique declares
 * @example
 * const purchaseGap = defineTechnique<GapModel>()({
 *   name: "purchase_gap",
 *   title: "Days between purchases",
 *   outputs: { days: { type: "number", title: "Days between purchases", description: "on average" } },
 *   main: null,
 *   fit: async ({ connection }) => { … },
 *   score: () => "SELECT customer_id AS key, gap AS days FROM gaps",
 *   report: (_context, fitted) => ({ members: fitted.members, parameters: {}, figures: [], sections: [], notes: [] }),
 * })
 */
export const defineTechnique =
  <S extends ModelSpec>() =>
  <const O extends { readonly [output: string]: Output }, F>(technique: Technique<S, O, F>): Technique<S, O, F> =>
    technique;

/** Labels and findings in one, for techniques that find both at once. */
export interface Fitted {
  readonly labels: string;
  readonly report: Findings;
}
