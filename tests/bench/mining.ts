/** Speed of the mining techniques on made-up data of the size that their aims name, one thread as in a run. */
import { existsSync, readFileSync } from "node:fs";
import { DuckDBInstance } from "duckdb";
import { buildPaths } from "../../engine/mining/attribution/build-paths.ts";
import { markov } from "../../engine/mining/attribution/markov.ts";
import { summed, walk } from "../../engine/mining/attribution/paths.ts";
import { frequentItemsets, type Baskets } from "../../engine/mining/basket/itemsets.ts";
import { rulesOf } from "../../engine/mining/basket/rules.ts";
import { explainBoosted, fitBoosted } from "../../engine/mining/boosting/trees.ts";
import { fitLogistic } from "../../engine/mining/churn/logistic.ts";
import { kmeans } from "../../engine/mining/clustering/kmeans.ts";
import { Matrix } from "../../engine/mining/numeric/matrix.ts";
import { fitCox } from "../../engine/mining/survival/cox.ts";
import { kaplanMeier } from "../../engine/mining/survival/kaplan-meier.ts";
import { fitGammaGamma } from "../../engine/mining/lifetime-value/gamma-gamma.ts";
import { BG_NBD, MOST_COUNTS } from "../../engine/mining/lifetime-value/process.ts";
import { scoreOf } from "../../engine/mining/lifetime-value/score.ts";
import { worthBounds } from "../../engine/mining/lifetime-value/worth.ts";
import { readTyped } from "../../engine/mining/read-typed.ts";
import { seeded } from "../../engine/mining/random.ts";
import { solveByPrices } from "../../engine/mining/contact-plan/plan-contacts.ts";
import { ms, table, target, timed as measured } from "./_bench.ts";

const DATA = new URL("../../../shared/data/", import.meta.url);

function basketsOf(b: Int32Array, items: Int32Array): Baskets {
  const n = b[b.length - 1]! + 1;
  const offsets = new Int32Array(n + 1);
  for (const basket of b) offsets[basket + 1]!++;
  for (let k = 0; k < n; k++) offsets[k + 1]! += offsets[k]!;
  return { offsets, items, itemCount: items.reduce((m, v) => Math.max(m, v), 0) + 1 };
}

/** @param rows customers, touches and the like are as many as the aims say times this; 1 by default */
export async function mining(scale = 1): Promise<void> {
  const out: string[][] = [["what", "ms", "of processor", "aim ms", "", "MB so far"]];
  let before = process.cpuUsage();
  const timed = async (work: () => unknown): Promise<number> => {
    before = process.cpuUsage();
    return measured(work);
  };
  /** time of the processor too: on a machine that others use it says more than the clock */
  const note = (what: string, took: number, aim: number | null): void => {
    const { user, system } = process.cpuUsage(before);
    process.stderr.write(`${what}: ${ms(took)} ms\n`);
    out.push([
      what,
      ms(took),
      ms((user + system) / 1000),
      aim === null ? "" : String(aim),
      aim === null || scale !== 1 ? "" : target(took, aim),
      Math.round(process.resourceUsage().maxRSS / 1024).toLocaleString("en"),
    ]);
  };
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  const random = seeded(1);

  if (existsSync(DATA)) {
    const lines = readFileSync(new URL("groceries.txt", DATA), "utf8")
      .trim()
      .split("\n")
      .map((line) => [...new Set(line.split(","))]);
    const names = [...new Set(lines.flat())];
    const place = new Map(names.map((name, i) => [name, i]));
    const groceries = basketsOf(
      Int32Array.from(lines.flatMap((line, b) => line.map(() => b))),
      Int32Array.from(lines.flatMap((line) => line.map((name) => place.get(name)!))),
    );
    note(
      "Groceries, support .001, confidence .8",
      await timed(() => rulesOf(frequentItemsets(groceries, 10), lines.length, { confidence: 0.8 })),
      300,
    );
    const [b, i] = (await readTyped(
      connection,
      `WITH l AS (SELECT DISTINCT invoice_no AS b, stock_code AS i FROM '${new URL("online_retail.parquet", DATA).pathname}' WHERE quantity > 0 AND unit_price > 0 AND NOT starts_with(invoice_no::VARCHAR, 'C')) SELECT (dense_rank() OVER (ORDER BY b) - 1)::INTEGER, (dense_rank() OVER (ORDER BY i) - 1)::INTEGER FROM l ORDER BY 1, 2`,
    )) as [Int32Array, Int32Array];
    const retail = basketsOf(b, i);
    note(
      "Online Retail, support .005, confidence .5",
      await timed(() => rulesOf(frequentItemsets(retail, 100), retail.offsets.length - 1, { confidence: 0.5 })),
      3000,
    );
  }

  const touches = Math.round(5_000_000 * scale),
    units = Math.round(1_000_000 * scale);
  await connection.run(
    `CREATE TABLE events AS SELECT (hash(i) % ${units})::INTEGER AS who, (hash(i * 7) % 365000) / 1000.0 AS t0, CASE WHEN hash(i * 3) % 20 = 0 THEN -1 ELSE (hash(i * 5) % 10)::INTEGER END AS c, 10.0::DOUBLE AS value FROM range(${touches}) t(i)`,
  );
  let paths = 0;
  note(
    `attribution over ${touches.toLocaleString("en")} touches, with reading`,
    await timed(async () => {
      const [block, unit, at, channel, value] = (await readTyped(
        connection,
        "SELECT (who % 100)::INTEGER, who, t0::DOUBLE, c::INTEGER, value FROM events ORDER BY who, t0, c DESC",
      )) as [Int32Array, Int32Array, Float64Array, Int32Array, Float64Array];
      const built = buildPaths({ block, unit, at, channel, value }, 10, 30);
      paths = built.paths.conversions.length;
      const walked = walk(built.paths, { blocks: 100 });
      markov(summed(walked.moves, walked.states * 12, new Float64Array(100).fill(1)), 10, 1);
    }),
    3000,
  );

  const n = Math.round(1_000_000 * scale);
  // customers who differ in how often, how long and for how much they buy, as real ones do
  await connection.run("SELECT setseed(0.5)");
  await connection.run(
    `CREATE TABLE people AS SELECT i::INTEGER AS who, (hash(i) % 600)::INTEGER AS first, -ln(1 - random()) AS pace, -ln(1 - random()) * 500 AS life, exp(3 + 0.7 * sqrt(-2 * ln(1 - random())) * cos(6.283 * random())) AS mean FROM range(${n}) t(i)`,
  );
  await connection.run(
    "CREATE TABLE buys AS SELECT who, (first + least(life, 730 - first) * random() * (j > 0)::INTEGER)::INTEGER AS day, (mean * -ln(1 - random() * 0.98))::DOUBLE AS value FROM people, LATERAL (SELECT unnest(range(0, 1 + (pace * least(life, 730 - first) / 45)::INTEGER)) AS j)",
  );
  const bought = Number((await connection.runAndReadAll("SELECT count(*) FROM buys")).getRows()[0]![0]);
  note(
    `BG/NBD and Gamma-Gamma fitted, values with bounds, ${bought.toLocaleString("en")} transactions of ${n.toLocaleString("en")} customers, with reading`,
    await timed(async () => {
      const [x, tx, T, mean] = (await readTyped(
        connection,
        "WITH d AS (SELECT who, day, sum(value) AS value FROM buys GROUP BY 1, 2) SELECT (count(*) - 1)::DOUBLE, (max(day) - min(day)) / 7.0::DOUBLE, (730 - min(day)) / 7.0::DOUBLE, coalesce(avg(value), 0)::DOUBLE FROM d GROUP BY who ORDER BY who",
      )) as [Float64Array, Float64Array, Float64Array, Float64Array];
      const process = BG_NBD.fit({ x, tx, T });
      const step = Math.max(1, Math.ceil(x.length / 60_000));
      const spend = fitGammaGamma(
        x.filter((_, i) => i % step === 0),
        mean.filter((_, i) => i % step === 0),
      );
      const bounds = worthBounds(spend);
      const chances = new Float64Array(MOST_COUNTS);
      for (let i = 0; i < x.length; i++)
        scoreOf(process, spend, bounds, chances, { x: x[i]!, tx: tx[i]!, T: T[i]!, mean: mean[i]! }, 52, 0.1);
    }),
    6000,
  );

  const columns = Array.from({ length: 10 }, () => Float64Array.from({ length: n }, () => random.uniform() * 2 - 1));
  const y = Float64Array.from({ length: n }, (_, i) =>
    random.uniform() < 1 / (1 + Math.exp(-columns[0]![i]! - 0.5 * columns[1]![i]!)) ? 1 : 0,
  );
  note(
    `logistic regression, ${n.toLocaleString("en")} x 10, with standard errors`,
    await timed(() => fitLogistic(columns, y)),
    4000,
  );
  let boosted: ReturnType<typeof fitBoosted> | null = null;
  note(
    `boosted trees, ${(n / 5).toLocaleString("en")} x 10, 120 trees`,
    await timed(() => {
      boosted = fitBoosted(
        columns.map((c) => c.subarray(0, n / 5)),
        y.subarray(0, n / 5),
      );
    }),
    null,
  );
  note(
    "their scores with reasons",
    await timed(() =>
      explainBoosted(
        boosted!,
        columns.map((c) => c.subarray(0, n / 5)),
      ),
    ),
    null,
  );
  const rows = new Float64Array(n * 10);
  for (let i = 0; i < n; i++) for (let j = 0; j < 10; j++) rows[i * 10 + j] = columns[j]![i]!;
  note(
    `k-means, ${n.toLocaleString("en")} x 10, k 8, no clusters in it`,
    await timed(() => kmeans(new Matrix(n, 10, rows), { k: 8, seed: 1 })),
    6000,
  );
  for (let i = 0; i < n; i++) {
    const at = random.below(8);
    for (let j = 0; j < 10; j++) rows[i * 10 + j] = ((at * 7 + j * 3) % 5) + 0.8 * random.normal();
  }
  note(
    `k-means, ${n.toLocaleString("en")} x 10, k 8, eight clusters in it`,
    await timed(() => kmeans(new Matrix(n, 10, rows), { k: 8, seed: 1 })),
    6000,
  );
  const contacts = Array.from({ length: 8 }, (_, j) => ({
    channel: j % 4,
    cost: [0.05, 0.9, 3.5, 1.2][j % 4]! + (j > 3 ? 0.3 : 0),
    value: new Float64Array(n),
  }));
  const kind = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const worth = Math.exp(1 + random.normal());
    kind[i] = random.below(5);
    for (const [j, o] of contacts.entries())
      o.value[i] =
        random.uniform() < 0.2 ? Number.NaN : worth * (0.4 + 0.8 * random.uniform()) * (1 + (j % 4) / 3) - o.cost;
  }
  let gap = 0;
  const planned = await timed(() => {
    gap = solveByPrices({
      customers: n,
      options: contacts,
      budget: n * 0.45,
      capacity: [0.4, 0.2, 0.06, 0.1].map((part) => Math.floor(part * n)),
      segment: kind,
      floors: [0, n * 0.1, 0, 0, n * 0.17],
    }).gap;
  });
  note(
    `contact plan, ${n.toLocaleString("en")} x 8, budget, 4 channels, 2 floors: gap ${(100 * gap).toFixed(3)} % (aim .2)`,
    planned,
    6000,
  );
  const times = Float64Array.from({ length: n / 5 }, () => 1 + random.below(300));
  const events = Uint8Array.from(times, () => random.below(2));
  note(
    `Kaplan-Meier and Cox, ${(n / 5).toLocaleString("en")} x 3`,
    await timed(() => {
      kaplanMeier(times, events);
      fitCox(
        times,
        events,
        columns.slice(0, 3).map((c) => c.subarray(0, n / 5)),
      );
    }),
    null,
  );
  table(`mining (${paths.toLocaleString("en")} paths; one thread)`, out);
  connection.closeSync();
}
