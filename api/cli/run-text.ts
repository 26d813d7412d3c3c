/** Runs as text for a terminal. */
import type { RunSummary, StepSummary } from "../../etl/index.ts";

const number = (value: number): string => value.toLocaleString("en");

/** A table with columns as wide as their widest cell; all except the first and last align right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) =>
        i === 0 || i === cells.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [head, ...rows].map((cells) => `${line(cells)}\n`).join("");
}

/** One run: jobs with row counts, built tables, then errors and warnings. */
export function runTable(run: RunSummary): string {
  const jobs = run.steps.filter((step) => step.kind === "job");
  const tables = run.steps.filter((step) => step.kind === "table");
  const lines = [
    `load ${run.id}: ${run.status.replace("_", " ")}`,
    run.version === null ? "" : ` as version ${run.version}`,
    run.seconds === null ? "" : `, ${run.seconds} s`,
    "\n\n",
  ];
  if (jobs.length > 0) {
    lines.push(
      textTable(
        ["job", "read", "added", "updated", "unchanged", "deleted", "removed", "rejected", "seconds", "status"],
        jobs.map((step) => [
          step.name,
          number(step.read),
          number(step.added),
          number(step.updated),
          number(step.unchanged),
          number(step.deleted),
          number(step.removed),
          number(step.rejected),
          step.seconds === null ? "" : String(step.seconds),
          step.status,
        ]),
      ),
    );
  }
  if (tables.length > 0)
    lines.push(
      "\n",
      textTable(
        ["table", "rows", "seconds", "status"],
        tables.map((step) => [
          step.name,
          number(step.read),
          step.seconds === null ? "" : String(step.seconds),
          step.status,
        ]),
      ),
    );
  const notes = run.steps.flatMap(notesOf);
  if (run.error !== null)
    notes.unshift(
      `${run.error.code}: ${run.error.message}${run.error.remedy === undefined ? "" : ` — ${run.error.remedy}`}`,
    );
  if (notes.length > 0) lines.push("\n", ...notes.map((note) => `- ${note}\n`));
  return lines.join("");
}

function notesOf(step: StepSummary): string[] {
  return [
    ...(step.error === null ? [] : [`${step.name}: ${step.error.message}`]),
    ...step.rejects.map(
      (each) =>
        `${step.name}: ${number(each.rows)} rejected${each.column === null ? "" : `, ${each.column}`}: ${each.reason}`,
    ),
    ...step.checks
      .filter((each) => !each.passed)
      .map((each) => {
        const found = each.error ?? `${number(each.found)} rows`;
        const examples = each.examples.length > 0 ? `, as ${each.examples.join(", ")}` : "";
        return `${step.name}: ${each.check} ${each.warn ? "(warning)" : "failed"}: ${found}${examples}`;
      }),
    ...step.warnings.filter((warning) => warning !== "no new file").map((warning) => `${step.name}: ${warning}`),
  ];
}
