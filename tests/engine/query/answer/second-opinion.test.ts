import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { measuresArbitrary, openBench, questionArbitrary, type Bench } from "../../support/random-questions.ts";

/** `tests/long` asks a hundred times as many, from another seed. */
const MODELS = 10;
const QUESTIONS = 10;
const SEED = 20_250_101;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

test(`${MODELS * QUESTIONS} random questions of ${MODELS} random models get the naive evaluator's numbers, cell by cell`, async () => {
  const models = fc.sample(measuresArbitrary, { numRuns: MODELS, seed: SEED });
  for (const [i, measures] of models.entries()) {
    for (const question of fc.sample(questionArbitrary, { numRuns: QUESTIONS, seed: SEED + i })) {
      const difference = await bench.compare(measures, question);
      expect(difference, `seed ${SEED + i}\n${JSON.stringify({ question, measures }, null, 1)}`).toBeNull();
    }
  }
  expect(bench.rollups()).toBeGreaterThan((MODELS * QUESTIONS) / 10);
}, 600_000);
