/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Errors on a page. */
import { TesseraError } from "../../../engine/errors/index.ts";
import { problemOf, type ProblemDocument } from "../../http/problem.ts";

/** A path into a request says nothing to someone who pressed a button. */
const isPath = (place: string): boolean => /^[$?]/.test(place);

/** Every problem of an error with its place and remedy. */
export const Problems = ({ problem }: { readonly problem: ProblemDocument }) => {
  const whole = [{ message: problem.detail, place: problem.place, remedy: problem.remedy }];
  const all = problem.problems && problem.problems.length > 1 ? problem.problems : whole;
  return (
    <ul class="problems">
      {all.map(({ message, place, remedy }) => (
        <li>
          <strong>{message}</strong>
          {place && !isPath(place) ? <span class="mono faint">{place}</span> : null}
          {remedy ? <span class="dim">{remedy}</span> : null}
        </li>
      ))}
    </ul>
  );
};

/** A part of a page that failed, while the rest is shown. @throws errors that no person can cause */
export const PartFailed = ({ error }: { readonly error: unknown }) => {
  if (!(error instanceof TesseraError)) throw error;
  return (
    <div class="part-failed">
      <Problems problem={problemOf(error, "page")} />
    </div>
  );
};

/** The same as a notice of its own. */
export const FailureNotice = ({ error }: { readonly error: unknown }) => (
  <div class="notice bad">
    <PartFailed error={error} />
  </div>
);
