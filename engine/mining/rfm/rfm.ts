/**
 * Recency, frequency and monetary value (Hughes 1994): how recently, on how many days and for how much each member
 * bought, each in quintiles. Equal values have equal scores, whatever the order of rows.
 */
import { toIso } from "../../model/time/calendar.ts";
import { FactSource } from "../../query/scan/fact-source.ts";
import { column } from "../../sql/tree.ts";
import { printDuckdb } from "../../sql/print-duckdb.ts";
import type { Column, Row } from "../../model/query.ts";
import { cubeOf, dateRoleOf, roleColumn } from "../fact-rows.ts";
import { featureTable, roleOver } from "../features.ts";
import { defineTechnique, type Fitted, type MiningContext, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { RFM_SEGMENTS, segmentSql } from "./segments.ts";
import { at, first, required } from "../../lookup.ts";

/** Scores and segments members by their purchases. */
export interface RfmModel extends ModelSpec {
  readonly technique: "rfm";
  /** cube of the purchases */
  readonly events: string;
  /** measure of their value */
  readonly value: string;
}

/** The score of a value, 1 to 5: 1 plus the fifths of members strictly below it. */
const quintile = (of: string): string => `least(5, 1 + (5 * (rank() OVER (ORDER BY ${of}) - 1)) // count(*) OVER ())`;

async function fitRfm(context: MiningContext<RfmModel>): Promise<Fitted> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name} › events`;
  const cube = cubeOf(engine, place, model.events);
  const key = roleColumn(cube, roleOver(context, model.over).name, place);
  const date = dateRoleOf(cube, place);

  context.onProgress("counting purchases");
  const { plan } = engine.context("as_is", null, asOf);
  const source = new FactSource(plan, cube);
  source.within(date, [{ from: Number.NEGATIVE_INFINITY, until: asOf }]);
  const printed = printDuckdb({
    t: "select",
    columns: [
      { expr: column("f", key), as: "key" },
      { expr: source.day(date), as: "day" },
    ],
    ...source.parts(),
  });
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE rfm_days AS
     SELECT key, max(day) AS last_day, count(DISTINCT day)::INTEGER AS occasions
     FROM (${printed.sql}) WHERE key IS NOT NULL GROUP BY key`,
    printed.parameters.map((p) => p.value),
  );
  await featureTable(context, "rfm_value", [model.value], asOf);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE rfm AS SELECT *, ${segmentSql()} AS segment FROM (
       SELECT d.key, d.last_day, d.occasions, coalesce(v.f0, 0) AS money,
         ${quintile("d.last_day")} AS r, ${quintile("d.occasions")} AS f, ${quintile("coalesce(v.f0, 0)")} AS m
       FROM rfm_days AS d LEFT JOIN rfm_value AS v USING (key))`,
  );

  context.onProgress("describing segments");
  const read = await engine.serving.run(
    `SELECT segment, count(*)::INTEGER, count(*) / sum(count(*)) OVER (), sum(money),
       sum(money) / nullif(sum(sum(money)) OVER (), 0), avg(date_diff('day', last_day, DATE '${toIso(asOf)}')),
       avg(occasions), avg(money)
     FROM rfm GROUP BY segment`,
  );
  const value = required(engine.catalog.measures, model.value);
  const { currency } = engine.catalog.project;
  const money = { format: value.format, ...(value.format === "currency" && currency && { currency }) };
  const columns: Column[] = [
    { name: "segment", kind: "dimension", type: "string", title: "Segment" },
    { name: "members", kind: "measure", type: "integer", title: "Members", format: "integer" },
    { name: "member_share", kind: "measure", type: "number", title: "Share of members", format: "percent" },
    { name: "value", kind: "measure", type: "number", title: value.title, ...money },
    { name: "value_share", kind: "measure", type: "number", title: "Share of value", format: "percent" },
    { name: "recency", kind: "measure", type: "number", title: "Days since the last purchase", format: "days" },
    { name: "occasions", kind: "measure", type: "number", title: "Purchase days", format: "decimal" },
    { name: "average", kind: "measure", type: "number", title: "Value per member", ...money },
  ];
  const all: Row[] = Array.from({ length: read.rowCount }, (_, r) =>
    Object.fromEntries(columns.map((c, i) => [c.name, at(at(read.columns, i), r)])),
  );
  const rows = RFM_SEGMENTS.flatMap((name) => all.filter((row) => row["segment"] === name));
  const members = rows.reduce((n, row) => n + Number(row["members"]), 0);
  const champions = rows.find((row) => row["segment"] === "Champions");
  return {
    labels: "SELECT key, segment, r AS recency, f AS frequency, m AS monetary FROM rfm",
    report: {
      members,
      parameters: { events: model.events, value: model.value },
      figures: [
        { title: "Members with a purchase", value: members, format: "integer" },
        {
          title: "Value share of champions",
          value: champions ? Number(champions["value_share"]) : null,
          format: "percent",
          note: champions
            ? `from ${(100 * Number(champions["member_share"])).toFixed(1)} % of members`
            : "no champions",
        },
      ],
      sections: [
        { title: "Value by segment", columns: [first(columns), at(columns, 3)], rows, chart: "bar" },
        {
          title: "Segments",
          columns,
          rows,
          note:
            "Scores are quintiles of all members with a purchase. Equal values have equal scores, so " +
            "quintiles can differ in size.",
        },
      ],
      notes: ["Several purchases on one day count as one.", "Members without a purchase have no segment."],
    },
  };
}

/** The technique `rfm`. */
export const rfm = defineTechnique<RfmModel>()({
  ...OUTPUTS.rfm,
  fit: fitRfm,
  score: (_, fitted) => fitted.labels,
  report: (_, fitted) => fitted.report,
});
