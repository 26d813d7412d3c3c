/** A schema's issues in the words of the API. */
import type { z } from "@hono/zod-openapi";
import { problem, type Problem } from "../../engine/errors/index.ts";
import { describeIssue, pathOf } from "./describe-issue.ts";

const MOST = 20;

/**
 * Problems with their paths. @param where the root of the paths, for example `$` for the body or `?` for the query
 * string
 */
export const problemsOfIssues = (error: z.ZodError, where: string): Problem[] =>
  error.issues
    .slice(0, MOST)
    .map((issue) => problem("bad-request", describeIssue(issue), { place: `${where}${pathOf(issue.path).slice(1)}` }));
