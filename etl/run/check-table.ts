import { phrase, problem, type Problem } from "../../engine/errors/index.ts";
import type { Check } from "../declare/checks/check.ts";
import { runChecks, type CheckResult } from "../checks/run-checks.ts";
import type { StepsContext } from "./steps-context.ts";

/** Runs the checks of a job or table; failed ones that are not warnings are added to `problems`. */
export async function checkTable(
  context: StepsContext,
  kind: "job" | "table",
  name: string,
  table: string,
  checks: readonly Check[],
  problems: Problem[],
): Promise<CheckResult[]> {
  if (checks.length === 0) return [];
  context.report({ kind, name, stage: "check" });
  const results = await runChecks(context.writer.connection, table, checks);
  for (const result of results)
    if (!result.passed && !result.warn) problems.push(checkProblem(`${kind} ${name}`, table, result));
  return results;
}

function checkProblem(place: string, table: string, { check, error, found, examples }: CheckResult): Problem {
  const more = { place, remedy: "correct the data in its source, or change the check" };
  if (error !== undefined) return problem("check-failed", phrase`${check} on ${table}: ${error}`, more);
  const list = examples.join(", ");
  const count = found === 1 ? phrase`${found} row` : phrase`${found} rows`;
  return problem(
    "check-failed",
    list === "" ? phrase`${check} on ${table}: ${count}` : phrase`${check} on ${table}: ${count}, for example ${list}`,
    more,
  );
}
