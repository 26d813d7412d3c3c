/** The audience of an association rule: members who bought its left side and never its right side. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { RuleAudience } from "../../engine/mining/index.ts";
import type { Filter } from "../../engine/model/filter.ts";
import type { MiningModel } from "../../engine/model/mining-model.ts";
import type { Row } from "../../engine/model/query.ts";
import { modelReport, type ModelReport } from "../../etl/project/reports.ts";
import type { Reader } from "./reader.ts";
import type { Services } from "./services.ts";

/** What a model of association rules declares in addition to every model. */
export type RuleModel = MiningModel & { readonly events?: string; readonly audience?: string };

export interface AudienceOfRule extends RuleAudience {
  /** the rule in words */
  readonly rule: string;
  /** selects the audience in a query */
  readonly filter: Filter;
}

/** The rules of a report, each once; empty for other techniques. */
export const rulesOf = (report: Pick<ModelReport, "sections">): readonly Row[] => {
  const rules = new Map<Row[string], Row>();
  for (const row of report.sections.flatMap((section) => section.rows)) {
    const number = row["number"];
    if (typeof row["left"] === "string" && number !== undefined && !rules.has(number)) rules.set(number, row);
  }
  return [...rules.values()];
};

const itemsOf = (text: string): string[] => {
  const items: unknown = JSON.parse(text);
  return Array.isArray(items) ? items.map(String) : [];
};

/** @throws TesseraError `not-found` for an unknown rule, or a model that declares no audience */
export async function audienceOfRule(
  name: string,
  number: number,
  reader: Reader,
  { project }: Services,
): Promise<AudienceOfRule> {
  const report = await reader.run((options) => modelReport(project, name, options));
  const model: RuleModel | undefined = (project.spec.models ?? []).find((each) => each.name === name);
  const row = rulesOf(report).find((each) => each["number"] === number);
  if (!row)
    throw new TesseraError("not-found", phrase`rule ${number} not found in model ${name}`, {
      remedy: 'use a number of the table "Strongest rules" in the model\'s report',
    });
  if (model?.events === undefined || model.audience === undefined)
    throw new TesseraError("not-found", phrase`model ${name} declares no audience`, {
      remedy: "declare `audience`: the role of those who buy",
    });
  const request = {
    events: model.events,
    item: model.over,
    audience: model.audience,
    left: itemsOf(String(row["left"])),
    right: String(row["right"]),
  };
  const found = await reader.remember(["rule audience", request], (options) => project.ruleAudience(request, options));
  const type = reader.catalog.roles.flatMap((role) => role.attributes).find((a) => a.member === found.member)?.type;
  const numeric = type === "integer" || type === "number";
  return {
    ...found,
    rule: String(row["rule"]),
    filter: { member: found.member, operator: "in", values: found.keys.map((key) => (numeric ? Number(key) : key)) },
  };
}
