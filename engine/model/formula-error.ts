/** Errors in formulas. */
import { TesseraError, phrase, type Sentence } from "../errors/index.ts";

export const wrong = (source: string, at: number, message: Sentence): TesseraError =>
  new TesseraError(
    "formula-invalid",
    phrase`formula ${JSON.stringify(source.length > 300 ? `${source.slice(0, 300)}…` : source)}: ${message} at character ${at + 1}`,
    {
      place: source,
      remedy:
        "a formula has + - * / ( ), comparisons, and or not, case when … then … else … end, numbers, 'texts', " +
        "measures, and abs round coalesce nullif least greatest ln exp sqrt power",
    },
  );
