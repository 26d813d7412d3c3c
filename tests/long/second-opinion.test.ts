import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { measuresArbitrary, openBench, questionArbitrary, type Bench } from "../engine/support/random-questions.ts";

const MODELS = 400;
const QUESTIONS = 25;
/** The same questions everywhere; `TESSERA_SEED=n npm run test:all` asks others, and a failure prints its seed. */
const SEED = Number(process.env["TESSERA_SEED"] ?? 20_779);

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

test(`${MODELS * QUESTIONS} random questions (seed ${SEED}) get the naive evaluator's numbers`, async () => {
  for (const [i, measures] of fc.sample(measuresArbitrary, { numRuns: MODELS, seed: SEED }).entries()) {
    for (const question of fc.sample(questionArbitrary, { numRuns: QUESTIONS, seed: SEED + i })) {
      expect(
        await bench.compare(measures, question),
        `TESSERA_SEED=${SEED}, model ${i}\n${JSON.stringify({ question, measures }, null, 1)}`,
      ).toBeNull();
    }
  }
}, 2_700_000);
