/** Checks of the options of measures, attributes, cubes and dimensions: unknown keys and values. */
import { at } from "../lookup.ts";
import { didYouMean, phrase, type Problem, problem, type Sentence } from "../errors/index.ts";
import type { Cube } from "./cube.ts";
import type { AnyDimension, Attribute } from "./dimension.ts";
import type { Measure } from "./measure.ts";
import type { ProjectSpec } from "./project.ts";

const FORMATS = ["number", "integer", "decimal", "percent", "currency", "days", "hours", "minutes", "seconds"];
const TYPES = ["string", "integer", "number", "boolean", "date", "timestamp"];

const OPTIONS = ["kind", "title", "description", "format", "better", "where", "fill", "unrelated", "ripens"];
const MEASURE_KEYS: Readonly<Record<Measure["kind"], readonly string[]>> = {
  aggregate: ["aggregate", "of", "quantile"],
  nested: ["aggregate", "base", "per", "quantile"],
  semi_additive: ["take", "of", "over", "per"],
  conversion: ["from", "to", "over", "within", "give", "complete", "sameTime"],
  calculated: ["formula"],
  time: ["base", "change", "over"],
  share: ["base", "of"],
  rank: ["base", "direction", "within"],
};
const ATTRIBUTE_KEYS = ["sql", "from", "bins", "title", "description", "type", "order"];
const CUBE_KEYS = [
  "kind",
  "name",
  "title",
  "description",
  "table",
  "sql",
  "grain",
  "dimensions",
  "attributes",
  "measures",
  "rollups",
];
const DIMENSION_KEYS = [
  "kind",
  "name",
  "title",
  "description",
  "table",
  "sql",
  "key",
  "label",
  "references",
  "attributes",
  "hierarchies",
  "parentChild",
  "history",
];
const DATE_KEYS = [
  "kind",
  "name",
  "title",
  "description",
  "from",
  "until",
  "timeZone",
  "weekStart",
  "fiscalYearStart",
  "fiscalWeeks",
  "holidays",
];
const ROLE_KEYS = ["to", "on", "through", "title"];

type Wrong = (place: string, message: Sentence, remedy: Sentence) => void;

/** What is wrong with the options of a project. */
export function optionProblems(project: ProjectSpec): Problem[] {
  const problems: Problem[] = [];
  const wrong: Wrong = (place, message, remedy) => {
    problems.push(problem("model-invalid", message, { place, remedy }));
  };
  for (const dimension of new Set(project.dimensions)) ofDimension(dimension, wrong);
  for (const cube of project.cubes) ofCube(cube, wrong);
  return problems;
}

function unknownKeys(spec: object, known: readonly string[], place: string, what: string, wrong: Wrong): void {
  for (const key of Object.keys(spec))
    if (!known.includes(key))
      wrong(
        place,
        phrase`unknown key "${key}"${didYouMean(key, known)}`,
        phrase`${what} has ${known.filter((k) => k !== "kind").join(", ")}`,
      );
}

/** Reports a value that is not one of the known; undefined is fine. */
function oneOf(value: unknown, known: readonly string[], what: string, place: string, wrong: Wrong): void {
  if (value === undefined || (typeof value === "string" && known.includes(value))) return;
  const suggestion = typeof value === "string" ? didYouMean(value, known) : "";
  wrong(place, phrase`unknown ${what} ${JSON.stringify(value)}${suggestion}`, phrase`one of ${known.join(", ")}`);
}

function ofDimension(dimension: AnyDimension, wrong: Wrong): void {
  const place = `dimension ${dimension.name}`;
  unknownKeys(
    dimension,
    dimension.kind === "date" ? DATE_KEYS : DIMENSION_KEYS,
    place,
    dimension.kind === "date" ? "a calendar" : "a dimension",
    wrong,
  );
  if (dimension.kind === "dimension")
    for (const [name, attribute] of Object.entries(dimension.attributes))
      ofAttribute(attribute, `${place}, attribute ${name}`, wrong);
}

function ofCube(cube: Cube, wrong: Wrong): void {
  const place = `cube ${cube.name}`;
  unknownKeys(cube, CUBE_KEYS, place, "a cube", wrong);
  for (const [name, role] of Object.entries(cube.dimensions))
    unknownKeys(role, ROLE_KEYS, `${place}, role ${name}`, "a role", wrong);
  for (const [name, attribute] of Object.entries(cube.attributes ?? {}))
    ofAttribute(attribute, `${place}, attribute ${name}`, wrong);
  for (const [name, measure] of Object.entries(cube.measures)) ofMeasure(measure, `${cube.name}.${name}`, wrong);
  for (const [name, rollup] of Object.entries(cube.rollups ?? {}))
    if (rollup.measures.length === 0)
      wrong(
        `${place} › rollups › ${name}`,
        "a rollup without measures answers nothing",
        "name the measures that it holds, or leave it out",
      );
}

function ofAttribute(attribute: Attribute, place: string, wrong: Wrong): void {
  if (typeof attribute === "string") return;
  unknownKeys(attribute, ATTRIBUTE_KEYS, place, "an attribute", wrong);
  oneOf(attribute.type, TYPES, "type", place, wrong);
  const twice = attribute.order?.find((member, i, all) => all.indexOf(member) < i);
  if (twice !== undefined) wrong(place, phrase`order names "${twice}" twice`, "name each member once");
  const bins = "bins" in attribute ? attribute.bins : undefined;
  if (bins === undefined) return;
  if (bins.length === 0) wrong(place, "bins need a bound", "bins: [10, 50] makes < 10, 10 – 50 and ≥ 50");
  else if (bins.some((bound, i) => !Number.isFinite(bound) || (i > 0 && bound <= at(bins, i - 1))))
    wrong(
      place,
      phrase`bins ascend; got ${bins.join(", ")}`,
      phrase`bins: [${[...new Set(bins.filter(Number.isFinite))].sort((a, b) => a - b).join(", ")}]`,
    );
}

function ofMeasure(measure: Measure, place: string, wrong: Wrong): void {
  unknownKeys(measure, [...OPTIONS, ...(MEASURE_KEYS[measure.kind] ?? [])], place, "such a measure", wrong);
  oneOf(measure.format, FORMATS, "format", place, wrong);
  oneOf(measure.better, ["up", "down"], "`better`", place, wrong);
  oneOf(measure.unrelated, ["repeat"], "`unrelated`", place, wrong);
  if (measure.kind !== "aggregate" && measure.kind !== "semi_additive") return;
  const argument: unknown = measure.of;
  const what = measure.kind === "aggregate" ? measure.aggregate : `${measure.take} value`;
  const counts = measure.kind === "aggregate" && measure.aggregate === "count";
  if (argument === undefined && counts) return;
  const remedy = 'name a column: sum("amount"), or an expression: sum({ sql: "quantity * price" })';
  if (argument === undefined || argument === "") wrong(place, phrase`the argument of ${what} is missing`, remedy);
  else if (!isArgument(argument))
    wrong(place, phrase`${what} takes a column or { sql }; got ${JSON.stringify(argument) ?? typeof argument}`, remedy);
}

const isArgument = (of: unknown): boolean =>
  typeof of === "string" || (typeof of === "object" && of !== null && "sql" in of && typeof of.sql === "string");
