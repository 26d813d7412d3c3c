/** Mining from beginning to end in this process: models fitted on the current version, one version published with their labels. */
import { join } from "node:path";
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import { today } from "../../engine/model/time/clock.ts";
import type { MiningModel } from "../../engine/model/mining-model.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { fitModel, type LabelRun } from "../../engine/mining/index.ts";
import type { Report } from "../../engine/mining/index.ts";
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
} from "../../engine/warehouse/index.ts";
import { openWorkbench } from "../../engine/warehouse/workbench.ts";
import { catalogOf, warehouseFolder } from "../declare/config.ts";
import { asRunError, beginRun, endRun, setBase, settleRuns } from "../runs/record.ts";
import { publishedRuns } from "../runs/published.ts";

export interface MineOptions {
  /** names; all models without them */
  readonly models?: readonly string[];
  /** who or what started it; default `owner` */
  readonly startedBy?: string;
  /** milliseconds to wait for another run's end; default 0 */
  readonly patience?: number;
  /** ISO date that the labels stand for, in place of each model's own day: facts after it are not looked at, later labels stay */
  readonly asOf?: string;
}

export interface MineProgress {
  readonly model: string;
  readonly number: number;
  readonly of: number;
  readonly what: string;
}

export interface MineSummary {
  readonly run: string;
  readonly version: number;
  readonly seconds: number;
  readonly reports: readonly (Report & { readonly seconds: number })[];
  /** models that the data is too little for; the others are published without them */
  readonly skipped: readonly { readonly model: string; readonly reason: string }[];
}

export interface MineInProcess extends MineOptions {
  readonly spec: ProjectSpec;
  readonly folder: string;
  readonly onProgress?: (progress: MineProgress) => void;
}

/** Throws `mining-invalid`, `too-little-data`, `no-version`, `lease-held`; nothing is published then. */
export async function mineInProcess(options: MineInProcess): Promise<MineSummary> {
  const { spec } = options;
  const catalog = catalogOf(spec);
  const models = chosen(spec, options.models);
  const warehouse = warehouseFolder(spec, options.folder);
  makeWarehouse(warehouse);
  const state = openState(warehouse);
  const started = performance.now();
  try {
    settleRuns(state, publishedRuns(warehouse));
    const at = new Date();
    const run = beginRun(state, {
      kind: "mine",
      startedAt: at,
      startedBy: options.startedBy ?? "owner",
      options: { models: models.map((m) => m.name) },
    });
    try {
      const lease = await awaitLease(state, run, options.patience ?? 0);
      try {
        const current = await currentVersion(warehouse);
        if (!current)
          throw new TesseraError("no-version", "nothing has been loaded yet", {
            place: warehouse,
            remedy: "run `tessera load` first",
          });
        const base = current.manifest;
        setBase(state, run, base.version);
        const work = makeWorkFolder(warehouse, run);
        const files: Record<string, string> = {};
        const labels: Record<string, Manifest["labels"][string]> = { ...base.labels };
        const reports: (Report & { seconds: number })[] = [];
        const skipped: { model: string; reason: string }[] = [];
        for (const [i, model] of models.entries()) {
          const began = performance.now();
          const path = join(work, `labels_${model.name}.duckdb`);
          let found: LabelRun;
          try {
            found = await fitOne(model, path, base, (what) =>
              options.onProgress?.({ model: model.name, number: i + 1, of: models.length, what }),
            );
          } catch (error) {
            if (!(error instanceof TesseraError) || error.code !== "too-little-data" || models.length === 1)
              throw error;
            skipped.push({ model: model.name, reason: error.message });
            continue;
          }
          files[`labels_${model.name}`] = path;
          // labels of an earlier day do not make the newest ones older
          const newest = base.labels[model.name];
          labels[model.name] =
            newest && newest.asOf > found.asOf
              ? { ...newest, table: found.table }
              : { table: found.table, asOf: found.asOf, fingerprint: found.fingerprint, stale: false };
          reports.push({ ...found.report, seconds: (performance.now() - began) / 1000 });
        }
        if (reports.length === 0)
          throw new TesseraError(
            "too-little-data",
            phrase`no model has enough data: ${skipped.map((s) => s.reason).join("; ")}`,
            { remedy: "load more, then mine again" },
          );
        const published = await publishVersion(warehouse, { base, run, files, labels });
        endRun(state, run, "published", { version: published.version });
        sweep(warehouse, [], at, { pinned: pinnedVersions(state, at) });
        return { run, version: published.version, seconds: (performance.now() - started) / 1000, reports, skipped };
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

  async function fitOne(
    model: MiningModel,
    path: string,
    base: Manifest,
    onProgress: (what: string) => void,
  ): Promise<LabelRun> {
    // sums of doubles differ between runs on several threads, and the same fingerprint must give the same bytes
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
    } finally {
      await workbench.close();
    }
  }
}

function chosen(spec: ProjectSpec, names: readonly string[] | undefined): readonly MiningModel[] {
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
        phrase`unknown model ${name}${didYouMean(
          name,
          all.map((m) => m.name),
        )}`,
        { remedy: phrase`models: ${all.map((m) => m.name).join(", ")}` },
      );
    return model;
  });
}
