/** Campaigns in the state: their plans, and their draws, which are made only once. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { checkPlan } from "../../engine/mining/contact-plan/campaign-plan.ts";
import type { CampaignDraw, CampaignPlan, CampaignSummary } from "../../engine/mining/index.ts";
import { immediately, openState, type State } from "../../engine/warehouse/index.ts";

/** A campaign. */
export interface Campaign {
  readonly id: number;
  readonly name: string;
  readonly plan: CampaignPlan;
  readonly status: "planned" | "drawn";
  readonly madeAt: string;
  readonly madeBy: string;
  readonly drawnAt: string | null;
  readonly drawnBy: string | null;
  /** first day of the outcome's window: the day of the data that was drawn from, ISO */
  readonly drawnOn: string | null;
  /** data version of the draw */
  readonly version: number | null;
  readonly summary: CampaignSummary | null;
}

/** A member of a draw. */
export interface Assignment {
  /** key of the dimension */
  readonly member: string;
  readonly channel: string;
  readonly offer: string | null;
  /** false: control group */
  readonly treated: boolean;
  readonly stratum: string;
  readonly expected: number;
  readonly cost: number;
}

interface CampaignRow {
  readonly id: number;
  readonly name: string;
  readonly plan: string;
  readonly status: "planned" | "drawn";
  readonly made_at: string;
  readonly made_by: string;
  readonly drawn_at: string | null;
  readonly drawn_by: string | null;
  readonly drawn_on: string | null;
  readonly version: number | null;
  readonly summary: string | null;
}

type AssignmentRow = Omit<Assignment, "treated"> & { readonly treated: number };

const COLUMNS = "id, name, plan, status, made_at, made_by, drawn_at, drawn_by, drawn_on, version, summary";
const campaignOf = (row: CampaignRow): Campaign => ({
  id: row.id,
  name: row.name,
  plan: JSON.parse(row.plan),
  status: row.status,
  madeAt: row.made_at,
  madeBy: row.made_by,
  drawnAt: row.drawn_at,
  drawnBy: row.drawn_by,
  drawnOn: row.drawn_on,
  version: row.version,
  summary: row.summary === null ? null : JSON.parse(row.summary),
});

/** Opens the state of a warehouse while `work` runs. */
export function withState<T>(warehouse: string, work: (state: State) => T): T {
  const state = openState(warehouse);
  try {
    return work(state);
  } finally {
    state.close();
  }
}

/** Campaigns, newest first. */
export const listCampaigns = (state: State): readonly Campaign[] =>
  (state.prepare(`SELECT ${COLUMNS} FROM campaigns ORDER BY id DESC`).all() as CampaignRow[]).map(campaignOf);

/** A campaign. @throws TesseraError `not-found` */
export function getCampaign(state: State, id: number): Campaign {
  const row = state.prepare(`SELECT ${COLUMNS} FROM campaigns WHERE id = ?`).get(id) as CampaignRow | undefined;
  if (!row)
    throw new TesseraError("not-found", phrase`campaign ${id} not found`, {
      remedy: { action: "list-campaigns" },
    });
  return campaignOf(row);
}

/** Saves a new campaign. @throws TesseraError `mining-invalid` for an invalid plan or a name in use */
export function saveCampaign(state: State, name: string, plan: CampaignPlan, by: string, at: Date): Campaign {
  if (name.trim() === "")
    throw new TesseraError("mining-invalid", "the name of the campaign is missing", { place: "$.name" });
  checkPlan(plan);
  return immediately(state, () => {
    const taken = state.prepare("SELECT id FROM campaigns WHERE name = ?").get(name.trim());
    if (taken)
      throw new TesseraError("mining-invalid", phrase`campaign "${name.trim()}" already exists`, {
        place: "$.name",
        remedy: "choose another name",
      });
    const { lastInsertRowid } = state
      .prepare("INSERT INTO campaigns (name, plan, status, made_at, made_by) VALUES (?, ?, 'planned', ?, ?)")
      .run(name.trim(), JSON.stringify(plan), at.toISOString(), by);
    return getCampaign(state, Number(lastInsertRowid));
  });
}

/**
 * Records a draw, which cannot be repeated until its result pleases.
 * @throws TesseraError `forbidden` for a second draw, `too-little-data` for an empty one
 */
export function recordDraw(
  state: State,
  id: number,
  draw: CampaignDraw,
  { by, at, on, version }: { readonly by: string; readonly at: Date; readonly on: string; readonly version: number },
): Campaign {
  return immediately(state, () => {
    const campaign = getCampaign(state, id);
    if (campaign.status === "drawn")
      throw new TesseraError("forbidden", phrase`campaign ${campaign.name} was already drawn on ${campaign.drawnOn}`, {
        place: `campaign ${id}`,
        remedy: "make another campaign: a draw that can be repeated proves nothing",
      });
    if (draw.members.length === 0)
      throw new TesseraError("too-little-data", phrase`the plan of campaign ${campaign.name} contacts nobody`, {
        place: `campaign ${id}`,
        remedy: "check the audience, the consents and the value of a contact",
      });
    const insert = state.prepare(
      `INSERT INTO campaign_assignments (campaign, member, channel, offer, treated, stratum, expected, cost)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    for (const { member, channel, offer, treated, stratum, expected, cost } of draw.members)
      insert.run(id, String(member), channel, offer, treated ? 1 : 0, stratum, expected, cost);
    state
      .prepare(
        `UPDATE campaigns SET status = 'drawn', drawn_at = ?, drawn_by = ?, drawn_on = ?, version = ?, summary = ?
         WHERE id = ?`,
      )
      .run(at.toISOString(), by, on, version, JSON.stringify(draw.summary), id);
    return getCampaign(state, id);
  });
}

/** The members to contact, or the control group with `heldOut`, by channel and member. */
export function assignmentsOf(
  state: State,
  id: number,
  { heldOut = false, channel }: { readonly heldOut?: boolean; readonly channel?: string } = {},
): readonly Assignment[] {
  const rows = state
    .prepare(
      `SELECT member, channel, offer, treated, stratum, expected, cost FROM campaign_assignments
       WHERE campaign = ? AND treated = ? AND (? IS NULL OR channel = ?) ORDER BY channel, offer, member`,
    )
    .all(id, heldOut ? 0 : 1, channel ?? null, channel ?? null) as AssignmentRow[];
  return rows.map((row) => ({ ...row, treated: row.treated === 1 }));
}
