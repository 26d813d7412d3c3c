/** From a rule of a mined report to whom it could be told. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { Filter } from "../../engine/model/filter.ts";
import type { RuleAudience } from "../../engine/mining/index.ts";
import { modelReport, type ModelReport } from "../../etl/project/reports.ts";
import type { Row } from "../../engine/model/query.ts";
import type { Reader } from "./reader.ts";
import type { Services } from "./services.ts";

export interface ToldRule extends RuleAudience {
  readonly rule: string;
  readonly filter: Filter;
}

/** Rules of a report with the keys of their items; empty for a technique without any. */
export const rulesOf = (report: Pick<ModelReport, "sections">): readonly Row[] =>
  report.sections
    .flatMap((s) => s.rows)
    .filter(
      (row, i, all) =>
        typeof row["left"] === "string" &&
        row["number"] !== undefined &&
        all.findIndex((r) => r["number"] === row["number"]) === i,
    );

/** @throws TesseraError `not-found` for a model without such a rule, or without an audience */
export async function toldRule(name: string, number: number, reader: Reader, { project }: Services): Promise<ToldRule> {
  const report = await reader.run((o) => modelReport(project, name, o));
  const model = (project.spec.models ?? []).find((m) => m.name === name) as {
    readonly events?: string;
    readonly over: string;
    readonly audience?: string;
  };
  const row = rulesOf(report).find((r) => r["number"] === number);
  if (!row)
    throw new TesseraError("not-found", phrase`${name} has no rule ${number}`, {
      remedy: 'the report\'s table "Strongest rules" numbers them',
    });
  if (model.events === undefined || model.audience === undefined)
    throw new TesseraError("not-found", phrase`model ${name} declares no audience`, {
      remedy: "declare `audience`, the role that a rule could be told to",
    });
  const request = {
    events: model.events,
    item: model.over,
    audience: model.audience,
    left: JSON.parse(String(row["left"])) as string[],
    right: String(row["right"]),
  };
  const found = await reader.remember(["rule audience", request], (o) => project.ruleAudience(request, o));
  const type = reader.catalog.roles.flatMap((r) => r.attributes).find((a) => a.member === found.member)?.type;
  return {
    ...found,
    rule: String(row["rule"]),
    filter: {
      member: found.member,
      operator: "in",
      values: found.keys.map((key) => (type === "integer" || type === "number" ? Number(key) : key)),
    },
  };
}
