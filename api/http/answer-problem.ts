/** Answers with an error: a page for a browser, a problem document for a program. */
import type { Context } from "hono";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Services } from "../services/services.ts";
import type { Environment } from "./environment.ts";
import { problemOf, type ProblemDocument } from "./problem.ts";

/** Renders an error as a page. */
export type ProblemPage = (problem: ProblemDocument, services: Services) => Promise<HtmlEscapedString>;

export type AnswerProblem = (
  c: Context<Environment>,
  error: unknown,
  headers?: { readonly [name: string]: string },
) => Promise<Response>;

const wantsPage = (c: Context): boolean =>
  !c.req.path.startsWith("/v1/") && (c.req.header("accept") ?? "").includes("text/html");

/** @param page renders the error where a browser asks for a page */
export const problemAnswerer =
  (page: ProblemPage): AnswerProblem =>
  async (c, error, headers = {}) => {
    if (wantsPage(c)) {
      const problem = problemOf(error, "page");
      const html = await page(problem, c.var.services);
      return c.html(html, problem.status, { ...headers, "Cache-Control": "no-store" });
    }
    const problem = problemOf(error, "api");
    return c.body(JSON.stringify(problem), problem.status, {
      ...headers,
      "Content-Type": "application/problem+json; charset=utf-8",
      "Cache-Control": "no-store",
    });
  };
