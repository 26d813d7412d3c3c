/** What routes, pages and the command do with campaigns: keep, draw once, list. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { CampaignPlan } from "../../engine/mining/index.ts";
import type { Value } from "../../engine/model/query.ts";
import { assignmentsOf, getCampaign, recordDraw, saveCampaign, withState, type Campaign } from "../../etl/index.ts";
import type { OpenProject, QueryOptions } from "../../etl/project/open-project.ts";
import { assignmentsCsv } from "../exports/assignments-csv.ts";

export const keepCampaign = (project: OpenProject, name: string, plan: CampaignPlan, by: string, at: Date): Campaign =>
  withState(project.warehouse, (state) => saveCampaign(state, name, plan, by, at));

/** Draws from the current version and writes it down. @throws TesseraError `forbidden` where it was drawn before */
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
      phrase`campaign ${campaign.name} was drawn on ${campaign.drawnOn} and is not drawn again`,
      { place: `campaign ${id}`, remedy: "a draw that could be repeated would prove nothing: make another campaign" },
    );
  const draw = await project.drawCampaign(campaign.plan, options);
  const on = await today(project, at, options);
  return withState(project.warehouse, (state) =>
    recordDraw(state, id, draw, { by, at, on, version: project.manifest(options).version }),
  );
}

/** The data's own day where the project counts from its newest fact, so that the window lies where facts will be. */
async function today(project: OpenProject, at: Date, options: QueryOptions): Promise<string> {
  const measure = project.catalog(options).cubes[0]?.measures[0]?.member;
  if (!measure) return at.toISOString().slice(0, 10);
  return (await project.query({ measures: [measure], limit: 1 }, options)).meta.now ?? at.toISOString().slice(0, 10);
}

/** What a list says of a member beside his key, where the dimension has it. */
const WANTED = /^(name|email|phone|number|language|postcode|city|owner)$/;

/** @throws TesseraError `not-found` for a campaign that there is not or that was not drawn */
export async function campaignList(
  project: OpenProject,
  id: number,
  { heldOut = false, channel }: { readonly heldOut?: boolean; readonly channel?: string } = {},
): Promise<{ readonly name: string; readonly text: string; readonly rows: number }> {
  const { campaign, assignments } = withState(project.warehouse, (state) => ({
    campaign: getCampaign(state, id),
    assignments: assignmentsOf(state, id, { heldOut, ...(channel !== undefined && { channel }) }),
  }));
  if (campaign.status !== "drawn")
    throw new TesseraError("not-found", phrase`campaign ${campaign.name} was not drawn yet`, {
      remedy: phrase`tessera campaign draw ${id}`,
    });
  const dimension = project.spec.dimensions.find((d) => d.name === campaign.plan.over);
  const known = new Map<string, { readonly [member: string]: Value }>();
  const columns =
    dimension && dimension.kind === "dimension" && dimension.table !== undefined
      ? Object.entries(dimension.attributes).flatMap(([name, a]) => {
          const sql = typeof a === "string" ? a : "sql" in a ? a.sql : undefined;
          return WANTED.test(name) && typeof sql === "string" && /^\w+$/.test(sql)
            ? [{ name, title: (typeof a === "string" ? undefined : a.title) ?? name, sql }]
            : [];
        })
      : [];
  if (dimension && dimension.kind === "dimension" && columns.length > 0) {
    const open = dimension.history ? ` WHERE "${dimension.history.until}" IS NULL` : "";
    const { rows } = await project.sql(
      `SELECT CAST("${dimension.key}" AS VARCHAR) AS k, ${columns.map((c, i) => `CAST("${c.sql}" AS VARCHAR) AS c${i}`).join(", ")} FROM "${dimension.table}"${open}`,
    );
    const wanted = new Set(assignments.map((a) => a.member));
    for (const row of rows)
      if (wanted.has(String(row["k"])))
        known.set(String(row["k"]), Object.fromEntries(columns.map((c, i) => [c.name, row[`c${i}`] ?? null])));
  }
  return {
    name: `${campaign.name}${channel ? ` ${channel}` : ""}${heldOut ? " held out" : ""}`,
    text: assignmentsCsv(campaign, assignments, known, columns),
    rows: assignments.length,
  };
}
