import { describe, test } from "vitest";
import { MODES, playLoads } from "../etl/_segments.ts";

describe("any sequence of loads gives the same rows in segments and in one table", () => {
  test.each(Object.keys(MODES) as (keyof typeof MODES)[])("%s", (mode) => playLoads(mode, { numRuns: 12 }), 600_000);
});
