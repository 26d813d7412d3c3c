/** Answers for unknown paths, and for methods that a path does not support. */
import type { Context } from "hono";
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { AnswerProblem } from "./answer-problem.ts";
import type { App, Environment } from "./environment.ts";

interface Route {
  readonly method: string;
  readonly path: string;
  readonly pattern: RegExp;
}

/** A route's path as a pattern: parameters match one segment. */
const patternOf = (path: string): RegExp => {
  const escaped = path.replace(/[.*+?^$()|[\]\\]/g, (letter) => `\\${letter}`);
  return new RegExp(`^${escaped.replace(/:[^/]+?(\\\{[^/]*\\\})?(?=\/|$)/g, "[^/]+")}/?$`);
};

const routesOf = (app: App): readonly Route[] =>
  app.routes
    .filter((route) => route.method !== "ALL" && !route.path.includes("*"))
    .map(({ method, path }) => ({ method, path, pattern: patternOf(path) }));

/** The handler for requests that no route takes. */
export const unknownRoute = (
  app: App,
  answerProblem: AnswerProblem,
): ((c: Context<Environment>) => Promise<Response>) => {
  let routes: readonly Route[] | undefined;
  return (c) => {
    routes ??= routesOf(app);
    const path = c.req.path.slice(0, 200);
    const methods = new Set(routes.filter((route) => route.pattern.test(c.req.path)).map((route) => route.method));
    if (methods.has("GET")) methods.add("HEAD");
    if (methods.size > 0) {
      const allow = [...methods].join(", ");
      const message = phrase`${path} does not support ${c.req.method.slice(0, 20)}`;
      const error = new TesseraError("method-not-allowed", message, { remedy: phrase`use ${allow}` });
      return answerProblem(c, error, { Allow: allow });
    }
    const known = new Set(routes.map((route) => route.path));
    const message = phrase`${path} not found${didYouMean(path.slice(0, 100), known)}`;
    const error = new TesseraError("not-found", message, {
      remedy: "see /docs for the routes, or / for the first page",
    });
    return answerProblem(c, error);
  };
};
