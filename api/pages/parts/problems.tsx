/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Problems within a page. */
import { TesseraError } from "../../../engine/errors/index.ts";
import { problemOf, type ProblemDocument } from "../../http/problem.ts";

export const Problems = ({ problem }: { readonly problem: ProblemDocument }) => {
  const all =
    problem.problems && problem.problems.length > 1
      ? problem.problems
      : [{ message: problem.detail, place: problem.place, remedy: problem.remedy }];
  return (
    <ul class="problems">
      {all.map((p) => (
        <li>
          <strong>{p.message}</strong>
          {p.place ? <span class="mono faint">{p.place}</span> : null}
          {p.remedy ? <span class="dim">{p.remedy}</span> : null}
        </li>
      ))}
    </ul>
  );
};

/** A part of a page that failed, while the rest stands. Errors that are ours are thrown on. */
export const PartFailed = ({ error }: { readonly error: unknown }) => {
  if (!(error instanceof TesseraError)) throw error;
  return (
    <div class="part-failed">
      <Problems problem={problemOf(error, "page")} />
    </div>
  );
};
