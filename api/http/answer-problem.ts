/** Answers with an error: a problem document, or a page where a person is reading. */
import type { Context } from "hono";
import { errorPage } from "../pages/error-page.tsx";
import type { Environment } from "../routes/environment.ts";
import { problemOf } from "./problem.ts";

/** True where a browser asks for a page rather than a program for data. */
export const wantsPage = (c: Context): boolean =>
  !c.req.path.startsWith("/v1/") && (c.req.header("accept") ?? "").includes("text/html");

export const answerProblem = async (
  c: Context<Environment>,
  error: unknown,
  headers: { readonly [name: string]: string } = {},
): Promise<Response> => {
  const problem = problemOf(error, wantsPage(c) ? "page" : "api");
  if (wantsPage(c))
    return c.html(errorPage(problem, c.var.services), problem.status as 400, {
      ...headers,
      "Cache-Control": "no-store",
    });
  return c.body(JSON.stringify(problem), problem.status as 400, {
    ...headers,
    "Content-Type": "application/problem+json; charset=utf-8",
    "Cache-Control": "no-store",
  });
};
