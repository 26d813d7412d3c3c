/** How long a question takes until its SQL stands there, and a model until it can be asked. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import demo from "../../etl/demo/tessera.config.ts";
import { dayOf, type Day } from "../../engine/model/time/calendar.ts";
import { resolveModel } from "../../engine/model/resolve-model.ts";
import {
  calculated,
  count,
  defineCube,
  defineDateDimension,
  defineDimension,
  defineProject,
  shift,
  sum,
  type ProjectSpec,
} from "../../engine/index.ts";
import type { Engine } from "../../engine/query/answer/engine.ts";
import { openEngine } from "../../engine/query/answer/open-engine.ts";
import type { Query } from "../../engine/model/query.ts";
import { currentVersion } from "../../engine/warehouse/index.ts";
import { openServing } from "../../engine/warehouse/serving.ts";
import { ms, openFilled, quantile, table, target, timed } from "./_bench.ts";

export const DEMO_WAREHOUSE = fileURLToPath(new URL("../../.tessera/demo/warehouse", import.meta.url));
const today = (): Day => dayOf(2026, 1, 1);

/** The demo's engine over its published version; null where the demo has not been loaded. */
export async function openDemo(): Promise<Engine | null> {
  const current = await currentVersion(DEMO_WAREHOUSE);
  if (!current) return null;
  const serving = await openServing(DEMO_WAREHOUSE, current.manifest, {
    tempDirectory: join(DEMO_WAREHOUSE, "work"),
    threads: 2,
  });
  return openEngine({ catalog: resolveModel(demo).catalog, serving, today });
}

/** Every tile of every dashboard, and every measure by month, by country, in totals and compared. */
export function crmQuestions(engine: Engine): readonly Query[] {
  const { project, cubes } = engine.catalog;
  const year = { member: "date", operator: "in_range" as const, values: ["2025"] };
  const tiles = (project.dashboards ?? []).flatMap((d) =>
    d.tiles.map(
      (tile): Query =>
        tile.kind === "kpi"
          ? { measures: [tile.measure], filters: [year], compare: { dimension: "date", to: "previous_year" } }
          : tile.query,
    ),
  );
  const made = [...cubes.values()].flatMap((cube) =>
    [...cube.measures.values()].flatMap(({ member }): Query[] => [
      { measures: [member], dimensions: ["date.month"], filters: [year] },
      { measures: [member], dimensions: ["customer.country", "date.quarter"], filters: [year], totals: true },
      { measures: [member], filters: [year], compare: { dimension: "date", to: "previous_year" } },
    ]),
  );
  return [...tiles, ...made].filter((query) => {
    try {
      engine.prepare(query);
      return true;
    } catch {
      return false;
    }
  });
}

export async function plan(): Promise<void> {
  const engine = await openDemo();
  if (engine === null)
    process.stdout.write("\nplanning on the CRM: no demo is loaded (`npm start -- --no-serve` loads one), left out\n");
  else {
    const questions = crmQuestions(engine);
    const round = (turn: number): number[] =>
      questions.map((query) => {
        const asked = { ...query, limit: 5000 + turn }; // another limit is another plan: nothing is remembered
        const began = performance.now();
        engine.prepare(asked);
        return performance.now() - began;
      });
    const first = round(0);
    for (let turn = 1; turn < 4; turn++) round(turn);
    const taken = [4, 5, 6, 7, 8].flatMap(round);
    table(`Planning ${questions.length} questions of the CRM model, from JSON to SQL; nothing remembered`, [
      ["", "p50 ms", "p95 ms", "worst ms"],
      ["right after the start", ms(quantile(first, 0.5)), ms(quantile(first, 0.95)), ms(Math.max(...first))],
      ["later", ms(quantile(taken, 0.5)), ms(quantile(taken, 0.95)), ms(Math.max(...taken))],
    ]);
    process.stdout.write(`p95 ${target(quantile(taken, 0.95), 2, " ms")}\n`);
    await engine.serving.close();
  }
  const spec = wideModel(100, 100);
  const { engine: wide, close } = await openFilled(
    spec,
    Array.from(
      { length: 100 },
      (_, i) =>
        `create table fact_${i} as select 1 as thing_key, date '2024-01-01' as day, ${Array.from({ length: 40 }, (_x, n) => `${n}::decimal(12,2) as amount_${n}`).join(", ")}`,
    ).concat("create table thing as select 1 as thing_key, 'a' as a0"),
  );
  const loads: number[] = [];
  for (let i = 0; i < 9; i++)
    loads.push(
      await timed(() => {
        resolveModel(spec);
      }),
    );
  const opens: number[] = [];
  for (let i = 0; i < 3; i++)
    opens.push(await timed(() => openEngine({ catalog: wide.catalog, serving: wide.serving, today })));
  const asks: number[] = [];
  for (let i = 0; i < 100; i++)
    asks.push(
      await timed(() => {
        wide.prepare({
          measures: [`cube_${i}.m_1`, `cube_${i}.c_3`, `cube_${(i + 1) % 100}.t_2`],
          dimensions: ["date.month"],
          limit: 10 + i,
        });
      }),
    );
  table("A model of 100 cubes with 100 members each", [
    ["", "p50 ms", "p95 ms", "worst ms"],
    ...(
      [
        ["resolving and checking the model", loads],
        ["opening it over 100 tables", opens],
        ["planning a question of two cubes", asks],
      ] as const
    ).map(([what, taken]) => [what, ms(quantile(taken, 0.5)), ms(quantile(taken, 0.95)), ms(Math.max(...taken))]),
  ]);
  process.stdout.write(
    `the model ${target(Math.max(...loads), 300, " ms")}; planning ${target(quantile(asks, 0.95), 2, " ms p95")}\n`,
  );
  await close();
}

/** `members`: 40 sums, 30 formulas, 20 shifts, and attributes for the rest. */
function wideModel(cubes: number, members: number): ProjectSpec {
  const thing = defineDimension({ name: "thing", table: "thing", key: "thing_key", attributes: { a0: "a0" } });
  const date = defineDateDimension({ name: "date", from: "2024-01-01", until: "2024-12-31" });
  const numbers = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
  return defineProject({
    name: "wide",
    warehouse: { path: "unused" },
    dimensions: [thing, date],
    cubes: numbers(cubes).map((c) =>
      defineCube({
        name: `cube_${c}`,
        table: `fact_${c}`,
        dimensions: { thing: { to: thing, on: "thing_key" }, date: { to: date, on: "day" } },
        attributes: Object.fromEntries(numbers(members - 91).map((i) => [`x_${i}`, `amount_${i}`])),
        measures: {
          rows: count(),
          ...Object.fromEntries(numbers(40).map((i) => [`m_${i}`, sum(`amount_${i}`)])),
          ...Object.fromEntries(
            numbers(30).map((i) => [
              `c_${i}`,
              calculated(`m_${i} / nullif(m_${i + 1}, 0) + case when m_${i + 2} > 0 then 1 else 0 end`),
            ]),
          ),
          ...Object.fromEntries(numbers(20).map((i) => [`t_${i}`, shift(`c_${i}`, { months: -1 })])),
        },
      }),
    ),
  });
}
