/** Paths that do not exist, and methods that a path does not offer. */
import type { Context } from "hono";
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { App, Environment } from "../routes/environment.ts";
import { answerProblem } from "./answer-problem.ts";

const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path.replace(/[.*+?^${}()|[\]\\]/g, (c) => (c === "{" || c === "}" ? c : `\\${c}`)).replace(/:[^/]+?(\\\{[^/]*\\\})?(?=\/|$)/g, "[^/]+")}/?$`,
  );

/** The handler for everything no route took. */
export const unknownRoute = (app: App): ((c: Context<Environment>) => Promise<Response>) => {
  let routes: readonly { readonly method: string; readonly path: string; readonly pattern: RegExp }[] | undefined;
  return (c) => {
    routes ??= app.routes
      .filter((r) => r.method !== "ALL" && !r.path.includes("*"))
      .map((r) => ({ method: r.method, path: r.path, pattern: patternOf(r.path) }));
    const offered = [...new Set(routes.filter((r) => r.pattern.test(c.req.path)).map((r) => r.method))];
    if (offered.includes("GET")) offered.push("HEAD");
    if (offered.length > 0) {
      const allow = offered.join(", ");
      return answerProblem(
        c,
        new TesseraError(
          "method-not-allowed",
          phrase`${c.req.path.slice(0, 200)} does not take ${c.req.method.slice(0, 20)}`,
          { remedy: phrase`it takes ${allow}` },
        ),
        { Allow: allow },
      );
    }
    const known = [...new Set(routes.map((r) => r.path))];
    return answerProblem(
      c,
      new TesseraError(
        "not-found",
        phrase`there is nothing at ${c.req.path.slice(0, 200)}${didYouMean(c.req.path.slice(0, 100), known)}`,
        { remedy: "/docs lists the routes, / is the first page" },
      ),
    );
  };
};
