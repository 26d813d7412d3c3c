/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** An error as a page: what is wrong, where, and what to do next. */
import type { HtmlEscapedString } from "hono/utils/html";
import type { ProblemDocument } from "../http/problem.ts";
import type { Services } from "../services/services.ts";
import { frameOf } from "./parts/frame-of.ts";
import { documentOf, Layout } from "./parts/layout.tsx";
import { Problems } from "./parts/problems.tsx";

export const errorPage = async (problem: ProblemDocument, services: Services): Promise<HtmlEscapedString> => {
  const words = services.words.frame.error;
  const frame = await frameOf(services, problem.title, "");
  return documentOf(
    <Layout frame={frame}>
      <div class="failure">
        <p class="faint">{problem.status}</p>
        <h1>{problem.title}</h1>
        <Problems problem={problem} />
        <p class="actions">
          <a class="button" href="/">
            {words.firstPage}
          </a>{" "}
          <a class="button bare" href={problem.type}>
            {words.meaning(problem.code)}
          </a>
        </p>
      </div>
    </Layout>,
  );
};
