/** A million rows to an Arrow stream, beside running the same statement and only fetching its chunks. */
import { tableFromIPC } from "apache-arrow";
import { count, defineCube, defineProject, max, sum } from "../../engine/index.ts";
import { arrow as toArrow } from "../../engine/query/exports/arrow.ts";
import type { Query } from "../../engine/model/query.ts";
import { ms, openFilled, pairs, table, target } from "./_bench.ts";

const ROWS = 1_000_000;
const lines = defineCube({
  name: "lines",
  table: "lines",
  dimensions: {},
  attributes: { id: "id", city: "city", person: "person" },
  measures: { amount: sum("amount"), quantity: sum("quantity"), weight: max("weight"), rows: count() },
});
const spec = defineProject({ name: "wide", warehouse: { path: "unused" }, dimensions: [], cubes: [lines] });

export async function arrow(rows = ROWS): Promise<void> {
  const { engine, close } = await openFilled(spec, [
    `create table lines as select i::integer as id, 'City number ' || (i % 1000) as city, 'A person called ' || (hash(i) % ${Math.round(rows / 10)}) as person, (i % 100000 / 100)::decimal(14,2) as amount, i % 7 as quantity, (i * 0.37)::double as weight from range(${rows}) t(i)`,
  ]);
  const numeric: Query = {
    measures: ["lines.amount", "lines.quantity", "lines.weight", "lines.rows"],
    dimensions: ["lines.id"],
    limit: rows,
  };
  const questions: readonly (readonly [string, Query])[] = [
    ["key and 4 numbers", numeric],
    ["the same with a text of 1,000 values", { ...numeric, dimensions: ["lines.id", "lines.city"] }],
    [
      `the same with a text of ${Math.round(rows / 10).toLocaleString("en")} values`,
      { ...numeric, dimensions: ["lines.id", "lines.person"] },
    ],
  ];
  const out: string[][] = [["columns", "MB", "Arrow ms", "chunks only ms", "Arrow / chunks"]];
  let first = Number.NaN;
  for (const [name, query] of questions) {
    const bytes = await toArrow(engine, query);
    const found = tableFromIPC(bytes);
    if (found.numRows !== rows) throw new Error(`${found.numRows} rows instead of ${rows}`);
    const { printed } = engine.prepare(query);
    const fetchOnly = (): Promise<unknown> =>
      engine.serving.using(async (connection) => {
        const result = await connection.run(printed.sql);
        for (;;) {
          const chunk = await result.fetchChunk();
          if (!chunk || chunk.rowCount === 0) return;
        }
      });
    const { a, b, ratio } = await pairs(5, () => toArrow(engine, query), fetchOnly, 1);
    if (Number.isNaN(first)) first = ratio;
    out.push([name, (bytes.length / 1e6).toFixed(0), ms(a), ms(b), ratio.toFixed(2)]);
  }
  table(
    `${rows.toLocaleString("en")} rows as an Arrow stream; texts as dictionaries; medians of 5 interleaved pairs, both sides with the query itself`,
    out,
  );
  process.stdout.write(`numbers ${target(first, 3, " times the chunks")}\n`);
  await close();
}
