/** What people judged of goals that no figure decides: kept in the state, the newest first. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { State } from "../../engine/warehouse/index.ts";

export type JudgedVerdict = "reached" | "partly" | "missed" | "too_early";
export const JUDGED_VERDICTS: readonly JudgedVerdict[] = ["reached", "partly", "missed", "too_early"];

export interface Judgement {
  readonly goal: string;
  /** ISO date */
  readonly judgedOn: string;
  readonly assessor: string;
  readonly verdict: JudgedVerdict;
  readonly words: string;
}

interface JudgementRow {
  readonly goal: string;
  readonly judged_on: string;
  readonly assessor: string;
  readonly verdict: JudgedVerdict;
  readonly words: string;
}

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

/** A judgement is added and never changed: a later one of the same goal stands above it. @throws TesseraError `bad-request` */
export function addJudgement(state: State, judgement: Judgement, at: Date): void {
  const missing = (["goal", "assessor", "words"] as const).filter((field) => judgement[field].trim() === "");
  if (missing.length > 0)
    throw new TesseraError(
      "bad-request",
      phrase`${missing.join(", ")} missing: a judgement names its goal, who judges, and why`,
      { place: `$.${missing[0]!}` },
    );
  if (!JUDGED_VERDICTS.includes(judgement.verdict))
    throw new TesseraError("bad-request", phrase`${String(judgement.verdict).slice(0, 40)} is no verdict`, {
      place: "$.verdict",
      remedy: phrase`one of ${JUDGED_VERDICTS.join(", ")}`,
    });
  if (!/^\d{4}-\d{2}-\d{2}$/.test(judgement.judgedOn) || Number.isNaN(Date.parse(judgement.judgedOn)))
    throw new TesseraError("bad-request", phrase`${judgement.judgedOn.slice(0, 40)} is no date`, {
      place: "$.judgedOn",
      remedy: "write it as 2026-01-31",
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

/** Questions and pages by week, the oldest first: who uses the warehouse. */
export interface UsageWeek {
  readonly week: string;
  readonly requests: number;
  readonly callers: number;
  readonly failed: number;
}

/** @param weeks how many, up to the one of `at`; weeks without a request are there with 0 */
export function usageByWeek(state: State, at: Date, weeks = 12): readonly UsageWeek[] {
  const monday = (t: number): number => {
    const day = Math.floor(t / 86_400_000);
    return day - ((day + 3) % 7);
  };
  const last = monday(at.getTime()),
    first = last - 7 * (weeks - 1);
  const iso = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
  const rows = state
    .prepare(
      "SELECT substr(at, 1, 10) AS day, caller, count(*) AS n, sum(status <> 'ok') AS failed FROM query_log WHERE at >= ? GROUP BY 1, 2",
    )
    .all(iso(first)) as {
    readonly day: string;
    readonly caller: string;
    readonly n: number;
    readonly failed: number;
  }[];
  return Array.from({ length: weeks }, (_, i) => {
    const from = first + 7 * i;
    const own = rows.filter((row) => {
      const day = Date.parse(row.day) / 86_400_000;
      return day >= from && day < from + 7;
    });
    return {
      week: iso(from),
      requests: own.reduce((sum, row) => sum + row.n, 0),
      callers: new Set(own.map((row) => row.caller)).size,
      failed: own.reduce((sum, row) => sum + row.failed, 0),
    };
  });
}
