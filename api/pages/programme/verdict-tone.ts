/** The colour of a goal's verdict, by the forecast's words or a person's judgement. */

const TONES: { readonly [verdict: string]: string } = {
  reached: "good",
  "on the way": "good",
  partly: "warn",
  uncertain: "warn",
  missed: "bad",
  "not on the way": "bad",
};

/** The class of a badge; empty for an open goal. */
export const verdictTone = (verdict: string | undefined): string => TONES[verdict ?? ""] ?? "";
