/** What a new plan starts with, and what its fields offer. */
import type { AttributeView, CatalogView } from "../../../engine/model/catalog-view.ts";
import type { ProjectSpec } from "../../../engine/model/project.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";

/** The dimension whose members campaigns contact: that of the first segment, else `customer`. */
export const audienceDimension = (spec: ProjectSpec): string => spec.segments?.[0]?.over ?? "customer";

const IDENTIFYING = /name|mail|phone|number|postcode|city/;
const CONTACTS = /\.sends$|\.contacts$|\.touches$/;
const isNumber = ({ type }: AttributeView): boolean => type === "number" || type === "integer";

export interface PlanChoices {
  readonly over: string;
  readonly numbers: readonly AttributeView[];
  readonly flags: readonly AttributeView[];
  /** text attributes with few values */
  readonly groups: readonly AttributeView[];
  readonly channels: readonly string[];
  /** the measure that counts contacts; empty where there is none */
  readonly contactMeasure: string;
}

const attributesOf = (catalog: CatalogView, role: string): readonly AttributeView[] =>
  catalog.roles.find(({ name }) => name === role)?.attributes ?? [];

/** What the fields of a plan offer. */
export const planChoices = async (reader: Reader, { project }: Services): Promise<PlanChoices> => {
  const { catalog } = reader;
  const over = audienceDimension(project.spec);
  const attributes = attributesOf(catalog, over);
  const label = attributesOf(catalog, "channel").find(({ isLabel }) => isLabel)?.member;
  const found = label ? await reader.run((options) => project.members(label, { limit: 100 }, options)) : { values: [] };
  const measures = catalog.cubes.flatMap((cube) => cube.measures.map(({ member }) => member));
  return {
    over,
    numbers: attributes.filter(isNumber),
    flags: attributes.filter(({ type }) => type === "boolean"),
    groups: attributes.filter(
      ({ type, isKey, isLabel, name }) => type === "string" && !isKey && !isLabel && !IDENTIFYING.test(name),
    ),
    channels: found.values.map(String),
    contactMeasure: measures.find((member) => CONTACTS.test(member)) ?? "",
  };
};

/** The fields of a new plan: an e-mail and a telephone option, a tenth as control group, thirty days. */
export const planDefaults = ({ numbers, flags, channels, contactMeasure }: PlanChoices): URLSearchParams => {
  const flag = (fits: (name: string) => boolean): string => flags.find(({ name }) => fits(name))?.member ?? "";
  const value =
    numbers.find(({ name }) => name === "annual_value") ?? numbers.find(({ name }) => name.includes("value"));
  const hasPhone = channels.includes("Phone");
  return new URLSearchParams({
    effect: numbers.find(({ name }) => name === "uplift")?.member ?? "0.02",
    worth: value?.member ?? "50",
    never: flag((name) => name.includes("do_not")),
    holdout: "10",
    window: "30",
    seed: "1",
    days: "30",
    most: contactMeasure ? "4" : "",
    measure: contactMeasure,
    c0: channels.find((channel) => channel === "E-mail") ?? channels[0] ?? "",
    p0: "0.05",
    e0: flag((name) => name.startsWith("email")),
    ...(hasPhone && { c1: "Phone", p1: "3.50", t1: "2", k1: "300", e1: flag((name) => name.startsWith("phone")) }),
  });
};
