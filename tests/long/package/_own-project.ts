/** A project that adds a source and a technique of its own, with nothing but the package's doors. */
export const OWN_PROJECT = `
import { count, defineCube, defineDateDimension, defineDimension, defineJob, defineModel, defineProject, defineSource, defineTechnique, env, sum } from "tessera";

const tickets = defineSource({
  name: "tickets",
  settings: { prefix: env("TICKET_PREFIX") },
  async *rows({ cursor, options, settings }) {
    for (let n = 1; n <= Number(options["most"]); n++) {
      const day = String(n).padStart(2, "0");
      const at = new Date(\`2026-01-\${day}T08:00:00Z\`);
      if (cursor !== null && at < new Date(cursor)) continue;
      yield { ticket: settings["prefix"] + n, customer_id: 1 + (n % 3), opened_on: \`2026-01-\${day}\`, changed_at: at, minutes: 10 * n };
    }
  },
});

const customer = defineDimension({
  name: "customer", table: "customers", key: "customer_id", label: "customer_id",
  attributes: { customer_id: { sql: "customer_id" } },
});
const date = defineDateDimension({ name: "date", from: "2026-01-01", until: "2026-12-31" });
const cases = defineCube({
  name: "cases", table: "cases", grain: ["ticket"],
  dimensions: { date: { to: date, on: "opened_on" }, customer: { to: customer, on: "customer_id" } },
  measures: { tickets: count(), minutes: sum("minutes") },
});

interface PatienceModel {
  readonly name: string;
  readonly technique: string;
  readonly over: string;
  /** minutes above which a customer is impatient */
  readonly most: number;
}
const patience = defineTechnique<PatienceModel>()({
  name: "patience",
  title: "Patience",
  outputs: { group: { type: "string", title: "Patience", description: "by the minutes that cases took" } },
  main: "group",
  async fit({ connection, model }) {
    await connection.run(
      "CREATE OR REPLACE TEMP TABLE patience AS SELECT customer_id, CASE WHEN sum(minutes) > $1 THEN 'short' ELSE 'long' END AS patience FROM cases GROUP BY 1",
      [model.most],
    );
    const [[members]] = (await connection.runAndReadAll("SELECT count(*)::INTEGER FROM patience")).getRows() as [[number]];
    return { members };
  },
  score: () => 'SELECT customer_id AS key, patience AS "group" FROM patience',
  report: ({ model }, { members }) => ({
    members,
    parameters: { most: model.most },
    figures: [{ title: "Customers", value: members, format: "integer" }],
    sections: [],
    notes: ["A sum of minutes, no forecast."],
  }),
});
export const model = defineModel({ name: "patience", technique: patience, over: "customer", most: 650 });
// what a technique gives is known to the compiler
export const output: "group" = Object.keys(model.outputs)[0] as keyof typeof model.outputs;

export default defineProject({
  name: "own", warehouse: { path: "./warehouse" }, now: "latest",
  dimensions: [customer, date], cubes: [cases], models: [model],
  jobs: [
    defineJob({
      name: "cases", source: tickets, extract: { cursor: "changed_at", key: "ticket", options: { most: 20 } },
      columns: { ticket: "varchar", customer_id: "bigint", opened_on: "date", changed_at: "timestamptz", minutes: "integer" },
      into: { table: "cases", mode: "merge" },
    }),
    defineJob({
      name: "customers",
      source: defineSource({ name: "list", async *rows() { yield [1, 2, 3].map((customer_id) => ({ customer_id })); } }),
      extract: { key: "customer_id" }, columns: { customer_id: "bigint" }, into: { table: "customers", mode: "replace" },
    }),
  ],
});
`;
