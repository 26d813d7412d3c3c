/** The jobs that a load is asked for, each after those it names. */
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import { inOrder } from "../declare/order.ts";
import type { Job } from "../declare/job.ts";

/** All jobs, the named ones, or those with a tag. Throws `not-found` for a name or tag that no job has. */
export function selectJobs(jobs: readonly Job[], names: readonly string[] | undefined, tag: string | undefined): Job[] {
  const known = jobs.map((job) => job.name);
  for (const name of names ?? []) {
    if (!known.includes(name))
      throw new TesseraError("not-found", phrase`there is no job ${name}${didYouMean(name, known)}`, {
        remedy: phrase`the jobs are ${known.join(", ")}`,
      });
  }
  const tags = new Set(jobs.flatMap((job) => job.tags ?? []));
  if (tag !== undefined && !tags.has(tag))
    throw new TesseraError("not-found", phrase`no job has the tag ${tag}${didYouMean(tag, tags)}`, {
      remedy: phrase`the tags are ${[...tags].join(", ")}`,
    });
  const chosen = jobs.filter(
    (job) =>
      (names === undefined || names.length === 0 || names.includes(job.name)) &&
      (tag === undefined || (job.tags ?? []).includes(tag)),
  );
  const ordered = inOrder(
    chosen.map((job) => ({ name: job.name, needs: job.after ?? [] })),
    "job",
  );
  return ordered.map(({ name }) => chosen.find((job) => job.name === name)!);
}
