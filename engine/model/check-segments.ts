/** Checks of declared segments: unknown names, circles, ambiguous rules. */
import { TesseraError, didYouMean, type Problem, problem, type Sentence, phrase } from "../errors/index.ts";
import type { Catalog } from "./catalog.ts";
import type { Segment } from "./declarations.ts";
import { filterProblems } from "./check-filters.ts";
import { segmentRule } from "./segment-rule.ts";
import { membersOf } from "./visible-catalog.ts";

/** What is wrong with the segments of a project. */
export function segmentProblems(catalog: Catalog): Problem[] {
  const segments = catalog.project.segments ?? [];
  const problems: Problem[] = [];
  for (const [i, segment] of segments.entries()) {
    const place = `segment ${segment.name}`;
    const wrong = (message: Sentence, remedy: Sentence, at = place): void => {
      problems.push(problem("model-invalid", message, { place: at, remedy }));
    };
    if (!/^[A-Za-z_]\w*$/.test(segment.name))
      wrong(
        phrase`${JSON.stringify(segment.name)} is not a valid name of a segment`,
        "use letters, digits and _: queries name it `segments.name`",
      );
    if (segments.findIndex((s) => s.name === segment.name) < i)
      wrong(phrase`two segments are named ${segment.name}`, "give one of them another name");
    const dimension = catalog.dimensions.get(segment.over);
    if (!dimension) {
      wrong(
        phrase`dimension "${segment.over}" not found${didYouMean(segment.over, catalog.dimensions.keys())}`,
        "`over` names a dimension of the project",
      );
      continue;
    }
    if (dimension.calendar) {
      wrong(phrase`${segment.over} is a calendar, which has no members`, "`over` names a dimension with a key");
      continue;
    }
    const found = segment.filters.flatMap((filter, at) => filterProblems(catalog, filter, `${place} › filters[${at}]`));
    problems.push(...found);
    if (found.length > 0 || circle(segments, segment)) {
      if (found.length === 0) wrong("the segment contains itself", "break the circle");
      continue;
    }
    try {
      segmentRule(catalog, segment);
    } catch (error) {
      if (!(error instanceof TesseraError)) throw error;
      problems.push(...error.problems);
    }
  }
  return problems;
}

/** Whether a segment leads back to itself. */
function circle(segments: readonly Segment[], from: Segment): boolean {
  const seen = new Set<string>();
  const reaches = (segment: Segment): boolean =>
    segment.filters
      .flatMap(membersOf)
      .filter((m) => m.startsWith("segments."))
      .some((m) => {
        const name = m.slice("segments.".length);
        if (name === from.name) return true;
        if (seen.has(name)) return false;
        seen.add(name);
        const next = segments.find((s) => s.name === name);
        return next !== undefined && reaches(next);
      });
  return reaches(from);
}
