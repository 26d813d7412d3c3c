/** Campaigns in the state: their plans, and draws that are made once and never again. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { checkPlan } from "../../engine/mining/contact-plan/campaign-plan.ts";
import type { CampaignDraw, CampaignPlan, CampaignSummary } from "../../engine/mining/index.ts";
import { immediately, openState, type State } from "../../engine/warehouse/index.ts";

export interface Campaign {
  readonly id: number;
  readonly name: string;
  readonly plan: CampaignPlan;
  readonly status: "planned" | "drawn";
  readonly madeAt: string;
  readonly madeBy: string;
  readonly drawnAt: string | null;
  readonly drawnBy: string | null;
  /** the day that the outcome's window begins on: the data's own day of the draw */
  readonly drawnOn: string | null;
  /** data version that it was drawn from */
  readonly version: number | null;
  readonly summary: CampaignSummary | null;
}

export interface Assignment {
  readonly member: string;
  readonly channel: string;
  readonly offer: string | null;
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

const COLUMNS = "id, name, plan, status, made_at, made_by, drawn_at, drawn_by, drawn_on, version, summary";
const campaignOf = (row: CampaignRow): Campaign => ({
  id: row.id,
  name: row.name,
  plan: JSON.parse(row.plan) as CampaignPlan,
  status: row.status,
  madeAt: row.made_at,
  madeBy: row.made_by,
  drawnAt: row.drawn_at,
  drawnBy: row.drawn_by,
  drawnOn: row.drawn_on,
  version: row.version,
  summary: row.summary === null ? null : (JSON.parse(row.summary) as CampaignSummary),
});

/** Opens the state of a warehouse for as long as `work` takes. */
export function withState<T>(warehouse: string, work: (state: State) => T): T {
  const state = openState(warehouse);
  try {
    return work(state);
  } finally {
    state.close();
  }
}

/** The newest first. */
export const listCampaigns = (state: State): readonly Campaign[] =>
  (state.prepare(`SELECT ${COLUMNS} FROM campaigns ORDER BY id DESC`).all() as CampaignRow[]).map(campaignOf);

/** @throws TesseraError `not-found` */
export function getCampaign(state: State, id: number): Campaign {
  const row = state.prepare(`SELECT ${COLUMNS} FROM campaigns WHERE id = ?`).get(id) as CampaignRow | undefined;
  if (!row)
    throw new TesseraError("not-found", phrase`there is no campaign ${id}`, {
      remedy: "`tessera campaign list` and /campaigns name those that there are",
    });
  return campaignOf(row);
}

/** @throws TesseraError `mining-invalid` for a plan that makes no sense */
export function saveCampaign(state: State, name: string, plan: CampaignPlan, by: string, at: Date): Campaign {
  if (name.trim() === "") throw new TesseraError("mining-invalid", "a campaign needs a name", { place: "$.name" });
  checkPlan(plan);
  return immediately(state, () => {
    const taken = state.prepare("SELECT id FROM campaigns WHERE name = ?").get(name.trim());
    if (taken)
      throw new TesseraError("mining-invalid", phrase`there is a campaign named ${name.trim()} already`, {
        place: "$.name",
        remedy: "verdicts are told apart by name: take another one",
      });
    const { lastInsertRowid } = state
      .prepare("INSERT INTO campaigns (name, plan, status, made_at, made_by) VALUES (?, ?, 'planned', ?, ?)")
      .run(name.trim(), JSON.stringify(plan), at.toISOString(), by);
    return getCampaign(state, Number(lastInsertRowid));
  });
}

/** Writes a draw, once: whoever comes second is refused, so that no draw can be repeated until it pleases. @throws TesseraError `forbidden` */
export function recordDraw(
  state: State,
  id: number,
  draw: CampaignDraw,
  { by, at, on, version }: { readonly by: string; readonly at: Date; readonly on: string; readonly version: number },
): Campaign {
  return immediately(state, () => {
    const campaign = getCampaign(state, id);
    if (campaign.status === "drawn")
      throw new TesseraError(
        "forbidden",
        phrase`campaign ${campaign.name} was drawn on ${campaign.drawnOn} and is not drawn again`,
        { place: `campaign ${id}`, remedy: "a draw that could be repeated would prove nothing: make another campaign" },
      );
    if (draw.members.length === 0)
      throw new TesseraError("too-little-data", phrase`nobody is worth contacting by the plan of ${campaign.name}`, {
        place: `campaign ${id}`,
        remedy: "look at the audience, the consents and what a contact is worth",
      });
    const insert = state.prepare(
      "INSERT INTO campaign_assignments (campaign, member, channel, offer, treated, stratum, expected, cost) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    );
    for (const m of draw.members)
      insert.run(id, String(m.member), m.channel, m.offer, m.treated ? 1 : 0, m.stratum, m.expected, m.cost);
    state
      .prepare(
        "UPDATE campaigns SET status = 'drawn', drawn_at = ?, drawn_by = ?, drawn_on = ?, version = ?, summary = ? WHERE id = ?",
      )
      .run(at.toISOString(), by, on, version, JSON.stringify(draw.summary), id);
    return getCampaign(state, id);
  });
}

/** Those to contact (or, with `heldOut`, those not to), by channel and member. */
export function assignmentsOf(
  state: State,
  id: number,
  { heldOut = false, channel }: { readonly heldOut?: boolean; readonly channel?: string } = {},
): readonly Assignment[] {
  const rows = state
    .prepare(
      "SELECT member, channel, offer, treated, stratum, expected, cost FROM campaign_assignments WHERE campaign = ? AND treated = ? AND (? IS NULL OR channel = ?) ORDER BY channel, offer, member",
    )
    .all(id, heldOut ? 0 : 1, channel ?? null, channel ?? null) as (Omit<Assignment, "treated"> & {
    readonly treated: number;
  })[];
  return rows.map((row) => ({ ...row, treated: row.treated === 1 }));
}
