/** The jobs of a load, each after those it depends on. */
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import { inOrder } from "../declare/order.ts";
import type { Job } from "../declare/job.ts";

/** All jobs, the named ones, or those with a tag. @throws TesseraError `not-found` for an unknown name or tag */
export function selectJobs(jobs: readonly Job[], names: readonly string[] | undefined, tag: string | undefined): Job[] {
  const known = jobs.map((job) => job.name);
  for (const name of names ?? []) {
    if (!known.includes(name))
      throw new TesseraError("not-found", phrase`job "${name}" not found${didYouMean(name, known)}`, {
        remedy: phrase`use one of ${known.join(", ")}`,
      });
  }
  const tags = new Set(jobs.flatMap((job) => job.tags ?? []));
  if (tag !== undefined && !tags.has(tag))
    throw new TesseraError("not-found", phrase`tag "${tag}" not found${didYouMean(tag, tags)}`, {
      remedy: phrase`use one of ${[...tags].join(", ")}`,
    });
  const chosen = jobs.filter(
    (job) =>
      (names === undefined || names.length === 0 || names.includes(job.name)) &&
      (tag === undefined || (job.tags ?? []).includes(tag)),
  );
  return inOrder(
    chosen.map((job) => ({ name: job.name, needs: job.after ?? [], job })),
    "job",
  ).map(({ job }) => job);
}
