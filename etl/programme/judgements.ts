/** Judgements on goals that no figure decides, kept in the state. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { State } from "../../engine/warehouse/index.ts";

/** The verdict on a goal. */
export type JudgedVerdict = "reached" | "partly" | "missed" | "too_early";

/** All verdicts. */
export const JUDGED_VERDICTS: readonly JudgedVerdict[] = ["reached", "partly", "missed", "too_early"];

/** A judgement. */
export interface Judgement {
  readonly goal: string;
  /** ISO date */
  readonly judgedOn: string;
  readonly assessor: string;
  readonly verdict: JudgedVerdict;
  /** the reason */
  readonly words: string;
}

interface JudgementRow {
  readonly goal: string;
  readonly judged_on: string;
  readonly assessor: string;
  readonly verdict: JudgedVerdict;
  readonly words: string;
}

/** All judgements, newest first. */
export const listJudgements = (state: State): readonly Judgement[] =>
  (
    state
      .prepare("SELECT goal, judged_on, assessor, verdict, words FROM goal_judgements ORDER BY judged_on DESC, id DESC")
      .all() as JudgementRow[]
  ).map((row) => ({
    goal: row.goal,
    judgedOn: row.judged_on,
    assessor: row.assessor,
    verdict: row.verdict,
    words: row.words,
  }));

/**
 * Adds a judgement; earlier ones are never changed.
 * @throws TesseraError `bad-request` for a missing or invalid field
 */
export function addJudgement(state: State, judgement: Judgement, at: Date): void {
  const missing = (["goal", "assessor", "words"] as const).filter((field) => judgement[field].trim() === "");
  const [field] = missing;
  if (field !== undefined)
    throw new TesseraError("bad-request", phrase`${missing.join(", ")} missing`, {
      place: `$.${field}`,
      remedy: "name the goal, the assessor and the reason",
    });
  if (!JUDGED_VERDICTS.includes(judgement.verdict))
    throw new TesseraError("bad-request", phrase`invalid verdict "${String(judgement.verdict).slice(0, 40)}"`, {
      place: "$.verdict",
      remedy: phrase`use one of ${JUDGED_VERDICTS.join(", ")}`,
    });
  if (!/^\d{4}-\d{2}-\d{2}$/.test(judgement.judgedOn) || Number.isNaN(Date.parse(judgement.judgedOn)))
    throw new TesseraError("bad-request", phrase`invalid date "${judgement.judgedOn.slice(0, 40)}"`, {
      place: "$.judgedOn",
      remedy: "write it like 2026-01-31",
    });
  state
    .prepare(
      "INSERT INTO goal_judgements (goal, judged_on, assessor, verdict, words, noted_at) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .run(
      judgement.goal.trim().slice(0, 200),
      judgement.judgedOn,
      judgement.assessor.trim().slice(0, 200),
      judgement.verdict,
      judgement.words.trim().slice(0, 4000),
      at.toISOString(),
    );
}
