/** Declared experiments, allocations and attributions as requests, with what the caller changes about them. */
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { AllocationRequest, AttributionRequest, ExperimentRequest } from "../../engine/mining/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";

/** @throws TesseraError `not-found`, with the names that exist */
const named = <T extends { readonly name: string }>(all: readonly T[] | undefined, name: string, noun: string): T => {
  const found = (all ?? []).find((each) => each.name === name);
  if (found) return found;
  const names = (all ?? []).map((each) => each.name);
  throw new TesseraError(
    "not-found",
    phrase`${noun} "${name.slice(0, 100)}" not found${didYouMean(name.slice(0, 100), names)}`,
    {
      place: "$.name",
      remedy: names.length > 0 ? phrase`use one of ${names.join(", ")}` : phrase`declare one in ${"tessera.config.ts"}`,
    },
  );
};

const omit = <T extends object, K extends keyof T>(value: T, keys: readonly K[]): Omit<T, K> => {
  const { ...rest } = value;
  for (const key of keys) delete rest[key];
  return rest;
};

/** @throws TesseraError `not-found` */
export const declaredExperiment = (spec: ProjectSpec, name: string) => named(spec.experiments, name, "experiment");

/** @throws TesseraError `not-found` */
export const declaredAllocation = (spec: ProjectSpec, name: string) => named(spec.allocations, name, "allocation");

/** A declared experiment with further filters, or split by another member. @throws TesseraError `not-found` */
export const experimentRequest = (
  spec: ProjectSpec,
  name: string,
  change: Pick<ExperimentRequest, "filters" | "by"> = {},
): ExperimentRequest => {
  const declared = declaredExperiment(spec, name);
  const request: ExperimentRequest = omit(declared, ["name", "title", "description", "kind", "follow"]);
  return {
    ...request,
    ...(change.by !== undefined && { by: change.by }),
    filters: [...(request.filters ?? []), ...(change.filters ?? [])],
  };
};

/** A declared allocation with another budget, bounds, seed or filters. @throws TesseraError `not-found` */
export const allocationRequest = (
  spec: ProjectSpec,
  name: string,
  change: Pick<AllocationRequest, "filters" | "budget" | "bounds" | "seed"> = {},
): AllocationRequest => {
  const declared = declaredAllocation(spec, name);
  const request: AllocationRequest = omit(declared, ["name", "title", "description", "kind"]);
  return {
    ...request,
    ...change,
    bounds: { ...request.bounds, ...change.bounds },
    filters: [...(request.filters ?? []), ...(change.filters ?? [])],
  };
};

/** A declared attribution model with other parameters. @throws TesseraError `not-found` */
export const attributionRequest = (
  spec: ProjectSpec,
  name: string,
  change: Partial<AttributionRequest> = {},
): AttributionRequest => {
  const models = (spec.models ?? []).filter((model) => model.technique === "attribution");
  const {
    technique: _,
    over: _over,
    as: _as,
    outputs: _outputs,
    main: _main,
    ...model
  } = named(models, name, "attribution");
  const request = omit(model, ["name", "title", "description", "kind"]);
  // a model of this technique carries the fields of the request next to those of every model
  return { ...(request as unknown as AttributionRequest), ...change };
};
