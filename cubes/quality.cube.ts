import { calculated, countDistinct, defineCube, sum } from "../engine/index.ts";
import { date } from "./dimensions/index.ts";

export const quality = defineCube({
  name: "quality",
  title: "Data quality",
  description:
    "Quality of each job's data in each load, by aspect: complete, valid, unique, reconciled with its source, on time.",
  table: "tessera_quality",
  grain: ["run_id", "job", "aspect"],
  dimensions: { date: { to: date, on: "loaded_at", title: "Loaded at" } },
  attributes: {
    run: { sql: "run_id", title: "Run" },
    job: { sql: "job", title: "Job" },
    aspect: {
      sql: "aspect",
      title: "Aspect of quality",
      description: "completeness, validity, uniqueness, reconciliation or timeliness",
    },
  },
  measures: {
    right: sum("passed", {
      title: "Rows that are right",
      description: "For timeliness: loads on time.",
      format: "integer",
    }),
    looked_at: sum("of_rows", { title: "Rows looked at", format: "integer" }),
    wrong: calculated("looked_at - right", { title: "Rows with a fault", format: "integer", better: "down" }),
    score: calculated("right / looked_at", { title: "Quality score", format: "percent" }),
    runs: countDistinct("run_id", { title: "Loads judged", format: "integer" }),
  },
});
