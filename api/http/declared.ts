/** Declared experiments and allocations, and what a caller changes about them. */
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { AllocationRequest, AttributionRequest, ExperimentRequest } from "../../engine/mining/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";

const named = <T extends { readonly name: string }>(all: readonly T[] | undefined, name: string, what: string): T => {
  const found = (all ?? []).find((each) => each.name === name);
  if (found) return found;
  const names = (all ?? []).map((each) => each.name);
  throw new TesseraError(
    "not-found",
    phrase`there is no ${what} ${name.slice(0, 100)}${didYouMean(name.slice(0, 100), names)}`,
    {
      place: "$.name",
      remedy: names.length > 0 ? `the project declares ${names.join(", ")}` : `declare one in tessera.config.ts`,
    },
  );
};

export const declaredExperiment = (spec: ProjectSpec, name: string) => named(spec.experiments, name, "experiment");
export const declaredAllocation = (spec: ProjectSpec, name: string) => named(spec.allocations, name, "allocation");

/** The declared request, narrowed by filters and cut by another member. @throws TesseraError not-found */
export const experimentRequest = (
  spec: ProjectSpec,
  name: string,
  change: Pick<ExperimentRequest, "filters" | "by"> = {},
): ExperimentRequest => {
  const {
    name: _,
    title: __,
    description: ___,
    kind: ____,
    follow: _____,
    ...request
  } = declaredExperiment(spec, name);
  return {
    ...request,
    ...(change.by !== undefined && { by: change.by }),
    filters: [...(request.filters ?? []), ...(change.filters ?? [])],
  };
};

/** The declared request with another budget, bounds or filters. @throws TesseraError not-found */
export const allocationRequest = (
  spec: ProjectSpec,
  name: string,
  change: Pick<AllocationRequest, "filters" | "budget" | "bounds" | "seed"> = {},
): AllocationRequest => {
  const { name: _, title: __, description: ___, kind: ____, ...request } = declaredAllocation(spec, name);
  return {
    ...request,
    ...change,
    bounds: { ...request.bounds, ...change.bounds },
    filters: [...(request.filters ?? []), ...(change.filters ?? [])],
  };
};

/** The request of a declared model of the technique attribution, changed in its parameters. @throws TesseraError not-found */
export const attributionRequest = (
  spec: ProjectSpec,
  name: string,
  change: Partial<AttributionRequest> = {},
): AttributionRequest => {
  const {
    technique: _,
    over: __,
    name: ___,
    title: ____,
    description: _____,
    as: ______,
    kind: _______,
    outputs: ________,
    main: _________,
    ...request
  } = named(
    (spec.models ?? []).filter((m) => m.technique === "attribution"),
    name,
    "attribution",
  );
  return { ...(request as unknown as AttributionRequest), ...change };
};
