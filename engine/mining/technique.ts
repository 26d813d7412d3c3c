/** What every mining technique answers: labels for the members of its dimension, and a report. */
import type { DuckDBConnection } from "duckdb";
import type { Day } from "../model/calendar.ts";
import type { ChartKind, MiningModel } from "../model/declarations.ts";
import type { Engine } from "../query/engine.ts";
import type { Column, Row } from "../query/query.ts";
import type { Format } from "../model/measure.ts";

export interface MiningContext<M extends MiningModel = MiningModel> {
  readonly engine: Engine;
  readonly connection: DuckDBConnection;
  readonly model: M;
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

/** A part of a report: a table, and how to draw it where it should be drawn. */
export interface ReportSection {
  readonly title: string;
  readonly note?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly chart?: ChartKind;
}

export interface Report {
  readonly model: string;
  readonly title: string;
  readonly technique: string;
  readonly over: string;
  readonly asOf: string;
  readonly dataVersion: number | null;
  readonly seed: number;
  /** members that were labelled */
  readonly members: number;
  readonly parameters: { readonly [name: string]: string | number | readonly string[] };
  readonly figures: readonly Figure[];
  readonly sections: readonly ReportSection[];
  /** what a reader must know before believing it */
  readonly notes: readonly string[];
  /** hash of data, parameters and seed: the same fingerprint gives the same labels */
  readonly fingerprint: string;
}

export interface Fitted {
  /** a SELECT over the workbench: `key` and one column an output */
  readonly labels: string;
  readonly report: Omit<Report, "fingerprint" | "dataVersion" | "asOf" | "technique" | "model" | "title" | "over" | "seed">;
}

export type Technique<M extends MiningModel = MiningModel> = (context: MiningContext<M>) => Promise<Fitted>;
