/** What uplift is declared with, and what it finds. */
import type { ModelSpec } from "../technique.ts";
import type { qiniBand, upliftTenths } from "./qini.ts";

/** Predicts the uplift of a contact. */
export interface UpliftModel extends ModelSpec {
  readonly technique: "uplift";
  /** the cube with one row a draw of a member into a campaign */
  readonly assignments: string;
  /** its attribute that is true for the treated and false for the control group */
  readonly treated: string;
  /** a plain sum of the cube; above zero the outcome came */
  readonly outcome: string;
  /** numbers known before the draw: plain sums and attributes of the cube */
  readonly features: readonly string[];
}

/** What fitting found. */
export interface UpliftFit {
  readonly members: number;
  readonly rows: number;
  readonly judged: ReturnType<typeof qiniBand>;
  readonly tenths: ReturnType<typeof upliftTenths>;
  /** rate of the treated less that of the control group, over all rows */
  readonly effect: number;
  readonly titles: readonly string[];
}
