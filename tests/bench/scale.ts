/** What an answer costs as the facts grow: the same questions over 1, 10 and 60 million lines, from the facts and from a rollup, and the memory they take. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineCube, type ProjectSpec } from "../../engine/index.ts";
import { resolveModel } from "../../engine/model/resolve-model.ts";
import { openEngine } from "../../engine/query/answer/open-engine.ts";
import { openServing } from "../../engine/warehouse/serving.ts";
import { ROLLUPS } from "../../etl/build/build-rollups.ts";
import { ms, pairs, quantile, table, target, timed } from "./_bench.ts";
import { publishSsb } from "./ssb-publish.ts";
import { QUESTIONS, ssbProject } from "./ssb.ts";

const [lines] = ssbProject.cubes;
const spec = {
  ...ssbProject,
  cubes: [
    defineCube({
      ...lines,
      rollups: {
        monthly: {
          dimensions: ["date.month", "customer.nation", "supplier.region", "part.mfgr"],
          measures: ["revenue", "profit"],
        },
      },
    }),
  ],
} as unknown as ProjectSpec;
/** Answered by the rollup whatever the number of facts; the second cuts its months. */
const ROLLED = [
  { measures: ["lines.revenue", "lines.profit"], dimensions: ["date.year", "customer.nation"], totals: true },
  {
    measures: ["lines.revenue"],
    dimensions: ["supplier.region"],
    filters: [{ member: "date", operator: "in_range" as const, values: ["1993-01-10", "1997-12-20"] }],
  },
];

export async function scale(millions?: number): Promise<void> {
  const rows: string[][] = [
    [
      "lines",
      "made s",
      "thirteen questions ms",
      "by hand ms",
      "ratio",
      "rollup rows",
      "built s",
      "rollup p95 ms",
      "cut months p95 ms",
      "memory MB",
    ],
  ];
  for (const size of millions === undefined ? [1, 10, 60] : [millions]) {
    const folder = mkdtempSync(join(tmpdir(), "tessera-scale-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const { manifest, rollupRows, madeMs, builtMs } = await publishSsb(folder, size / 6, spec);
    const serving = await openServing(folder, manifest, {
      tempDirectory: join(folder, "served"),
      threads: 2,
      connections: 2,
      quick: ROLLUPS,
    });
    const engine = await openEngine({ catalog: resolveModel(spec).catalog, serving, today: () => 20_000 });
    let [ours, theirs] = [0, 0];
    const times = size > 20 ? 3 : 9;
    for (const { query, sql } of QUESTIONS) {
      const { a, b } = await pairs(
        times,
        () => engine.fromFacts().query(query),
        () => engine.serving.run(sql),
        1,
      );
      ours += a;
      theirs += b;
    }
    const p95 = async (query: (typeof ROLLED)[number]): Promise<number> => {
      const { meta } = await engine.query(query);
      if (meta.rollup === null) throw new Error("the rollup does not answer");
      for (let i = 0; i < 60; i++) await engine.query(query);
      const taken: number[] = [];
      for (let i = 0; i < 100; i++) taken.push(await timed(() => engine.query(query)));
      return quantile(taken, 0.95);
    };
    const [whole, cut] = [await p95(ROLLED[0]!), await p95(ROLLED[1]!)];
    rows.push([
      (size * 1_000_000).toLocaleString("en"),
      (madeMs / 1000).toFixed(1),
      ms(ours),
      ms(theirs),
      (ours / theirs).toFixed(3),
      rollupRows.reduce((all, n) => all + n, 0).toLocaleString("en"),
      (builtMs / 1000).toFixed(1),
      ms(whole),
      ms(cut),
      Math.round(process.memoryUsage().rss / 2 ** 20).toLocaleString("en"),
    ]);
    await serving.close();
  }
  table(
    "As the facts grow: star schema questions from the facts, and questions that a rollup answers (from files, two threads)",
    rows,
  );
  process.stdout.write(
    `the rollup's answer ${target(Math.max(...rows.slice(1).map((row) => Number(row[7]!.replace(",", "")))), 10, " ms p95")}\n`,
  );
}
