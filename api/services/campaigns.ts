/** Campaigns as routes, pages and the command line use them: save a plan, draw it once, list whom to contact. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { CampaignPlan } from "../../engine/mining/index.ts";
import type { Dimension } from "../../engine/model/dimension.ts";
import type { Value } from "../../engine/model/query.ts";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { assignmentsOf, getCampaign, recordDraw, saveCampaign, withState, type Campaign } from "../../etl/index.ts";
import type { OpenProject, QueryOptions } from "../../etl/project/open-project.ts";
import { assignmentsCsv, type MemberColumn } from "../exports/assignments-csv.ts";

/** Saves a plan; nothing is drawn. @throws TesseraError `mining-invalid` */
export const keepCampaign = (project: OpenProject, name: string, plan: CampaignPlan, by: string, at: Date): Campaign =>
  withState(project.warehouse, (state) => saveCampaign(state, name, plan, by, at));

/**
 * Draws a saved campaign from the current version and records the draw. @throws TesseraError `forbidden` the second
 * time
 */
export async function drawKept(
  project: OpenProject,
  id: number,
  by: string,
  at: Date,
  options: QueryOptions = {},
): Promise<Campaign> {
  const campaign = withState(project.warehouse, (state) => getCampaign(state, id));
  if (campaign.status === "drawn")
    throw new TesseraError(
      "forbidden",
      phrase`campaign ${campaign.name} was drawn on ${campaign.drawnOn} and cannot be drawn again`,
      { place: `campaign ${id}`, remedy: "make another campaign: a draw that can be repeated proves nothing" },
    );
  const draw = await project.drawCampaign(campaign.plan, options);
  const on = await today(project, at, options);
  return withState(project.warehouse, (state) =>
    recordDraw(state, id, draw, { by, at, on, version: project.manifest(options).version }),
  );
}

/** The day the data counts as today, so that the campaign's window lies where facts will be. */
async function today(project: OpenProject, at: Date, options: QueryOptions): Promise<string> {
  const clockDay = at.toISOString().slice(0, 10);
  const measure = project.catalog(options).cubes[0]?.measures[0]?.member;
  if (!measure) return clockDay;
  return (await project.query({ measures: [measure], limit: 1 }, options)).meta.now ?? clockDay;
}

/** Attributes that a list shows next to the key, where the dimension has them. */
const LISTED = /^(name|email|phone|number|language|postcode|city|owner)$/;

/** The listed attributes that are plain columns of the dimension's table. */
const listedColumns = (dimension: Dimension): readonly (MemberColumn & { readonly sql: string })[] => {
  if (dimension.table === undefined) return [];
  return Object.entries(dimension.attributes).flatMap(([name, attribute]) => {
    const written = typeof attribute === "string" ? { sql: attribute } : attribute;
    const sql = "sql" in written ? written.sql : undefined;
    if (!LISTED.test(name) || typeof sql !== "string" || !/^\w+$/.test(sql)) return [];
    return [{ name, title: ("title" in written ? written.title : undefined) ?? name, sql }];
  });
};

type KnownMembers = ReadonlyMap<string, { readonly [attribute: string]: Value }>;

/** The listed attributes of the wanted members, by key. */
async function knownMembers(
  project: OpenProject,
  dimension: Dimension,
  wanted: ReadonlySet<string>,
): Promise<{ readonly columns: readonly MemberColumn[]; readonly known: KnownMembers }> {
  const columns = listedColumns(dimension);
  const known = new Map<string, { readonly [attribute: string]: Value }>();
  if (columns.length === 0 || dimension.table === undefined) return { columns, known };
  const current = dimension.history ? ` WHERE ${quoteIdentifier(dimension.history.until)} IS NULL` : "";
  const selected = columns.map((column, i) => `CAST(${quoteIdentifier(column.sql)} AS VARCHAR) AS c${i}`);
  const { rows } = await project.sql(
    `SELECT CAST(${quoteIdentifier(dimension.key)} AS VARCHAR) AS k, ${selected.join(", ")}
    FROM ${quoteIdentifier(dimension.table)}${current}`,
  );
  for (const row of rows) {
    const key = String(row["k"]);
    if (wanted.has(key))
      known.set(key, Object.fromEntries(columns.map((column, i) => [column.name, row[`c${i}`] ?? null])));
  }
  return { columns, known };
}

/** A campaign's list as CSV. @throws TesseraError `not-found` for an unknown campaign, or one that is not drawn */
export async function campaignList(
  project: OpenProject,
  id: number,
  { heldOut = false, channel }: { readonly heldOut?: boolean; readonly channel?: string } = {},
): Promise<{ readonly name: string; readonly text: string; readonly rows: number }> {
  const { campaign, assignments } = withState(project.warehouse, (state) => ({
    campaign: getCampaign(state, id),
    assignments: assignmentsOf(state, id, { heldOut, ...(channel !== undefined && { channel }) }),
  }));
  if (campaign.status !== "drawn") throw notDrawn(campaign);
  const dimension = project.spec.dimensions.find((each) => each.name === campaign.plan.over);
  const { columns, known } =
    dimension?.kind === "dimension"
      ? await knownMembers(project, dimension, new Set(assignments.map((each) => each.member)))
      : { columns: [], known: new Map<string, never>() };
  return {
    name: `${campaign.name}${channel ? ` ${channel}` : ""}${heldOut ? " held out" : ""}`,
    text: assignmentsCsv(campaign, assignments, known, columns),
    rows: assignments.length,
  };
}

/** The error for a campaign whose control group is not drawn yet. */
export const notDrawn = ({ id, name }: Pick<Campaign, "id" | "name">): TesseraError =>
  new TesseraError("not-found", phrase`campaign ${name} is not drawn yet`, {
    remedy: { action: "draw-campaign", campaign: String(id) },
  });
