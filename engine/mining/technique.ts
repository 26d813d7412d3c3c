/**
 * What a mining technique is: its declaration's shape, the attributes it gives, and how it fits, scores and reports. Each
 * stands in a folder of its own and is registered once, in `techniques.ts`.
 */
import type { DuckDBConnection } from "duckdb";
import type { Day } from "../model/time/calendar.ts";
import type { ChartKind } from "../model/declarations.ts";
import type { Format } from "../model/measure.ts";
import type { ModelCommon, Output } from "../model/mining-model.ts";
import type { Engine } from "../query/answer/engine.ts";
import type { Column, Row } from "../model/query.ts";

/** A declaration: what is common to all models, the technique's name, and its own parameters. */
export interface ModelSpec extends ModelCommon {
  readonly technique: string;
}

export interface MiningContext<S extends ModelSpec = ModelSpec> {
  readonly engine: Engine;
  readonly connection: DuckDBConnection;
  readonly model: S;
  /** the day that the labels stand for: facts after it are not looked at */
  readonly asOf: Day;
  readonly onProgress: (what: string, done?: number, total?: number) => void;
}

export interface Figure {
  readonly title: string;
  readonly value: number | null;
  readonly format: Format;
  /** 95 % unless the title says otherwise */
  readonly interval?: readonly [number, number];
  readonly note?: string;
}

/** A picture that charts of members cannot give; its fields name columns of the section. */
export type Plot =
  /** lines over numbers or days: y measures, or one measure a member of `series`; `band` from and to; steps for survival; the diagonal where said and come should meet */
  | {
      readonly kind: "curve";
      readonly x: string;
      readonly y: readonly string[];
      readonly series?: string;
      readonly band?: readonly [string, string];
      readonly step?: boolean;
      readonly diagonal?: boolean;
      readonly mark?: { readonly at: number | string; readonly words: string };
    }
  /** what flows from one member to the next */
  | { readonly kind: "flow"; readonly from: string; readonly to: string; readonly value: string }
  /** contributions that lead from one total to another */
  | {
      readonly kind: "bridge";
      readonly step: string;
      readonly value: string;
      readonly from: number;
      readonly until: number;
    };

/** A part of a report: a table, and how to draw it where it should be drawn. */
export interface ReportSection {
  readonly title: string;
  readonly note?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly chart?: ChartKind;
  readonly plot?: Plot;
  /** the whole width of the page */
  readonly wide?: boolean;
}

/** Whether a model is worth more than the simplest thing one would do without it, on data that it has not seen. */
export interface Verdict {
  readonly beats: boolean;
  readonly model: number;
  readonly rival: number;
  /** what the rival is, in words */
  readonly against: string;
  /** what is compared, for example `AUC on unseen customers` */
  readonly by: string;
  /** 95 % interval of the model's lead over the rival, in the compared unit; positive is better */
  readonly lead: readonly [number, number];
}

export interface Report {
  readonly model: string;
  readonly title: string;
  readonly technique: string;
  readonly over: string;
  readonly asOf: string;
  readonly dataVersion: number | null;
  readonly seed: number;
  /** members that were labelled, or looked at by a technique without labels */
  readonly members: number;
  readonly parameters: { readonly [name: string]: string | number | readonly string[] };
  readonly figures: readonly Figure[];
  /** absent where a technique only describes */
  readonly verdict?: Verdict;
  readonly sections: readonly ReportSection[];
  /** what a reader must know before believing it */
  readonly notes: readonly string[];
  /** hash of data, parameters and seed: the same fingerprint gives the same labels */
  readonly fingerprint: string;
}

/** What a technique tells; the rest of a report is known from the model and the version. */
export type Findings = Omit<
  Report,
  "fingerprint" | "dataVersion" | "asOf" | "technique" | "model" | "title" | "over" | "seed"
>;

/**
 * @typeParam S the declaration
 * @typeParam O output name -> type and title
 * @typeParam F what fitting found, handed from `fit` to `score` and `report`
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
  /** a SELECT over the workbench: `key` and one column an output; null where there are no labels */
  score(context: MiningContext<S>, fitted: F): Promise<string> | string | null;
  report(context: MiningContext<S>, fitted: F): Promise<Findings> | Findings;
}

/** Keeps the types of a technique's outputs, which name attributes in typed projects. */
export const defineTechnique =
  <S extends ModelSpec>() =>
  <const O extends { readonly [output: string]: Output }, F>(technique: Technique<S, O, F>): Technique<S, O, F> =>
    technique;

/** Labels and findings in one, for techniques that come to both at once. */
export interface Fitted {
  readonly labels: string;
  readonly report: Findings;
}
