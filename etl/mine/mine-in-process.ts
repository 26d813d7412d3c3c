/** Mining from beginning to end in this process. */
import type { Catalog } from "../../engine/model/catalog.ts";
import { join } from "node:path";
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import { today } from "../../engine/model/time/clock.ts";
import type { MiningModel } from "../../engine/model/mining-model.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { fitModel, type LabelRun, type Report } from "../../engine/mining/index.ts";
import { openEngine } from "../../engine/query/answer/open-engine.ts";
import {
  awaitLease,
  currentVersion,
  makeWarehouse,
  makeWorkFolder,
  openState,
  pinnedVersions,
  publishVersion,
  sweep,
  type Manifest,
  type State,
} from "../../engine/warehouse/index.ts";
import { openWorkbench } from "../../engine/warehouse/workbench.ts";
import { catalogOf, warehouseFolder } from "../declare/config.ts";
import { asRunError, beginRun, endRun, setBase, settleRuns } from "../runs/record.ts";
import { publishedRuns } from "../runs/published.ts";

/** What to mine. */
export interface MineOptions {
  /** names of models; default all */
  readonly models?: readonly string[];
  /** who or what starts it; default `owner` */
  readonly startedBy?: string;
  /** milliseconds to wait for another run's end; default 0: fail at once */
  readonly patience?: number;
  /** ISO date of the labels, instead of each model's own: later facts are ignored, later labels stay */
  readonly asOf?: string;
}

/** A report of progress. */
export interface MineProgress {
  readonly model: string;
  /** of the model, from 1 */
  readonly number: number;
  readonly of: number;
  /** what is done */
  readonly what: string;
}

/** What a mining run did. */
export interface MineSummary {
  readonly run: string;
  /** the version it published */
  readonly version: number;
  readonly seconds: number;
  readonly reports: readonly TimedReport[];
  /** models without enough data; the others are published */
  readonly skipped: readonly { readonly model: string; readonly reason: string }[];
}

type TimedReport = Report & { readonly seconds: number };

/** The options of mining in this process. */
export interface MineInProcess extends MineOptions {
  readonly spec: ProjectSpec;
  /** the project's folder */
  readonly folder: string;
  readonly onProgress?: (progress: MineProgress) => void;
}

/**
 * Trains models on the current version and publishes one version with their labels.
 * @throws TesseraError `mining-invalid`, `too-little-data`, `no-version`, `lease-held`; nothing is published then
 */
export async function mineInProcess(options: MineInProcess): Promise<MineSummary> {
  const { spec } = options;
  const catalog = catalogOf(spec);
  const models = chooseModels(spec, options.models);
  const warehouse = warehouseFolder(spec, options.folder);
  makeWarehouse(warehouse);
  const state = openState(warehouse);
  try {
    settleRuns(state, publishedRuns(warehouse));
    const at = new Date();
    const run = beginRun(state, {
      kind: "mine",
      startedAt: at,
      startedBy: options.startedBy ?? "owner",
      options: { models: models.map((model) => model.name) },
    });
    try {
      const lease = await awaitLease(state, run, options.patience ?? 0);
      try {
        return await mineUnderLease(options, models, { state, run, at, warehouse, catalog });
      } finally {
        lease.release();
      }
    } catch (error) {
      endRun(state, run, "failed", { error: asRunError(error) });
      throw error;
    }
  } finally {
    state.close();
  }
}

interface MineContext {
  readonly catalog: Catalog;
  readonly state: State;
  readonly run: string;
  readonly at: Date;
  readonly warehouse: string;
}

async function mineUnderLease(
  options: MineInProcess,
  models: readonly MiningModel[],
  context: MineContext,
): Promise<MineSummary> {
  const { state, run, at, warehouse } = context;
  const started = performance.now();
  const current = await currentVersion(warehouse);
  if (!current)
    throw new TesseraError("no-version", "nothing has been loaded yet", {
      place: warehouse,
      remedy: { action: "load" },
    });
  const base = current.manifest;
  setBase(state, run, base.version);
  const work = makeWorkFolder(warehouse, run);
  const files: Record<string, string> = {};
  const labels: Record<string, Label> = { ...base.labels };
  const reports: TimedReport[] = [];
  const skipped: { model: string; reason: string }[] = [];
  for (const [i, model] of models.entries()) {
    const began = performance.now();
    const path = join(work, `labels_${model.name}.duckdb`);
    const found = await fitOrSkip(options, context, base, model, path, models.length === 1, (what) =>
      options.onProgress?.({ model: model.name, number: i + 1, of: models.length, what }),
    );
    if (found instanceof TesseraError) {
      skipped.push({ model: model.name, reason: found.message });
      continue;
    }
    files[`labels_${model.name}`] = path;
    labels[model.name] = labelOf(found, base.labels[model.name]);
    reports.push({ ...found.report, seconds: (performance.now() - began) / 1000 });
  }
  if (reports.length === 0)
    throw new TesseraError(
      "too-little-data",
      phrase`no model has enough data: ${skipped.map(({ reason }) => reason).join("; ")}`,
      { remedy: "load more data, then mine again" },
    );
  const published = await publishVersion(warehouse, { base, run, files, labels });
  endRun(state, run, "published", { version: published.version });
  sweep(warehouse, [], at, { pinned: pinnedVersions(state, at) });
  return { run, version: published.version, seconds: (performance.now() - started) / 1000, reports, skipped };
}

type Label = Manifest["labels"][string];

/** Labels of an earlier day do not make the newest ones older. */
const labelOf = ({ table, asOf, fingerprint }: LabelRun, newest: Label | undefined): Label =>
  newest && newest.asOf > asOf ? { ...newest, table } : { table, asOf, fingerprint, stale: false };

/** Fits a model. @returns the error of a model without enough data, unless it is the only one */
async function fitOrSkip(
  options: MineInProcess,
  { warehouse, catalog }: MineContext,
  base: Manifest,
  model: MiningModel,
  path: string,
  isOnly: boolean,
  onProgress: (what: string) => void,
): Promise<LabelRun | TesseraError> {
  const { spec } = options;
  // one thread: sums of doubles depend on the number of threads, and the same fingerprint must give the same bytes
  const workbench = await openWorkbench(warehouse, base, path, {
    tempDirectory: `${path}.tmp`,
    threads: 1,
    ...(spec.warehouse.memoryLimit !== undefined && { memoryLimit: spec.warehouse.memoryLimit }),
  });
  try {
    const engine = await openEngine({
      catalog,
      serving: workbench.serving,
      today: () => today(undefined, new Date()),
    });
    return await fitModel(engine, workbench, base, model, onProgress, options.asOf);
  } catch (error) {
    if (!(error instanceof TesseraError) || error.code !== "too-little-data" || isOnly) throw error;
    return error;
  } finally {
    await workbench.close();
  }
}

function chooseModels(spec: ProjectSpec, names: readonly string[] | undefined): readonly MiningModel[] {
  const all = spec.models ?? [];
  if (all.length === 0)
    throw new TesseraError("mining-invalid", "the project declares no models", {
      place: "tessera.config.ts › models",
      remedy: "declare one with defineModel",
    });
  return (names === undefined || names.length === 0 ? all.map((m) => m.name) : names).map((name) => {
    const model = all.find((m) => m.name === name);
    if (!model)
      throw new TesseraError(
        "not-found",
        phrase`model "${name}" not found${didYouMean(
          name,
          all.map((each) => each.name),
        )}`,
        { remedy: phrase`use one of ${all.map((each) => each.name).join(", ")}` },
      );
    return model;
  });
}
