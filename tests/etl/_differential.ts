/**
 * Random histories of a PostgreSQL table, loaded again and again: after each load the warehouse must hold what the table holds. Transactions stay open
 * over loads and commit late with stamps of their own; loads are broken off at random stages, killed, and rolled back.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { defineJob, env, postgres, rollbackLoad, runLoad, type Job } from "../../etl/index.ts";
import { makeCompany } from "./_company.ts";
import type { TestPostgres } from "./_postgres.ts";

/** Numbers of [0, 1) from a seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Figures {
  readonly loads: number;
  readonly broken: number;
  readonly killed: number;
  readonly rollbacks: number;
  readonly late: number;
}

const SLOTS = 4;
const STAGES = ["extract", "stage", "load", "check", "publish"];

/** Plays one history; answers what happened in it. Throws where the warehouse is not what the table is. */
export async function playHistory(
  server: TestPostgres,
  seed: number,
  options: { readonly kills: boolean },
): Promise<Figures> {
  const random = randomFrom(seed);
  const upTo = (n: number): number => Math.floor(random() * n);
  const soft = random() < 0.4;
  const table = `h_${seed}`;
  const job: Job = defineJob({
    name: "h",
    source: postgres({ name: "erp", url: env("ERP") }),
    extract: {
      table,
      cursor: "at",
      key: "id",
      ...(random() < 0.2 && { parallel: 2 }),
      ...(random() < 0.3 && { lag: { minutes: 1 } }),
    },
    into: { table: "h", mode: "merge" },
    deletes: soft ? { column: "gone" } : "compare_keys",
    failBelow: "0%",
  });
  await server.query(
    `drop table if exists ${table}`,
    `create table ${table} (id int primary key, v text, n numeric(12,2), at timestamptz${soft ? ", gone timestamptz" : ""})`,
    `insert into ${table} (id, v, n, at) select i, 'v' || i, i * 0.25, timestamptz '2024-01-01' + i * interval '1 minute' from generate_series(1, ${upTo(400)}) i`,
  );
  const clients = await Promise.all(
    Array.from({ length: SLOTS }, async () => {
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      return client;
    }),
  );
  const open = clients.map(() => false);
  const company = makeCompany();
  const environment = { ERP: server.url };
  const figures = { loads: 0, broken: 0, killed: 0, rollbacks: 0, late: 0 };

  const stamp = (): string =>
    [
      "now()",
      "now() - interval '1 day'",
      "timestamptz '2024-01-01'",
      "null",
      "now() + interval '1 hour'",
      "timestamptz '2019-05-05 05:05:05.000001'",
      "clock_timestamp()",
    ][upTo(7)]!;
  const change = (slot: number): string => {
    const id = upTo(120) * SLOTS + slot;
    const mine = `id % ${SLOTS} = ${slot}`;
    switch (upTo(6)) {
      case 0:
      case 1:
        return `insert into ${table} (id, v, n, at) values (${id}, 'i${upTo(1000)}', ${upTo(100_000)} / 100.0, ${stamp()}) on conflict (id) do update set v = excluded.v, n = excluded.n${soft ? ", gone = null" : ""}`;
      case 2:
        return `update ${table} set v = 'u${upTo(1000)}', at = ${stamp()} where id = ${id}`;
      case 3:
        return `update ${table} set n = n + 1 where ${mine} and id < ${upTo(200)}`;
      case 4:
        return soft ? `update ${table} set gone = now() where id = ${id}` : `delete from ${table} where id = ${id}`;
      default:
        return soft
          ? `update ${table} set gone = null, v = null where id = ${id}`
          : `update ${table} set id = id + ${SLOTS * 1000} where id = ${id} and not exists (select from ${table} where id = ${id + SLOTS * 1000})`;
    }
  };
  const step = async (): Promise<void> => {
    const slot = upTo(SLOTS);
    const client = clients[slot]!;
    if (!open[slot]) {
      await client.query("begin");
      open[slot] = true;
    }
    if (random() < 0.3) await client.query(`savepoint s${upTo(1000)}`);
    for (let n = upTo(4); n >= 0; n--) await client.query(change(slot));
    if (random() < 0.55) await end(slot);
  };
  const end = async (slot: number): Promise<void> => {
    if (!open[slot]) return;
    await clients[slot]!.query(random() < 0.15 ? "rollback" : "commit");
    open[slot] = false;
  };
  const compare = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query({
      text: `select id, v, n::text, extract(epoch from at)::numeric(20,6)::text from ${table}${soft ? " where gone is null" : ""} order by id`,
      rowMode: "array",
    });
    await client.end();
    const held = await company.rows(`select id, v, n::varchar, epoch_us("at")::varchar from h order by id`);
    const expected = (rows as [number, string | null, string, string | null][]).map(([id, v, n, at]) => [
      id,
      v,
      n,
      at === null ? null : String(BigInt(at.replace(".", ""))),
    ]);
    const wrong = expected.findIndex((row, i) => JSON.stringify(row) !== JSON.stringify(held[i]));
    if (wrong >= 0 || held.length !== expected.length)
      throw new Error(
        `seed ${seed}, after load ${figures.loads}: the table has ${expected.length} rows and the warehouse ${held.length}; first difference ${JSON.stringify(expected[wrong])} against ${JSON.stringify(held[wrong])}`,
      );
  };
  const load = async (): Promise<void> => {
    await company.load([job], { environment });
    figures.loads++;
    figures.late += open.filter(Boolean).length;
    await compare();
  };
  const breakOff = async (): Promise<void> => {
    const stop = new AbortController();
    const at = STAGES[upTo(STAGES.length)]!;
    figures.broken++;
    await company
      .load([job], {
        environment,
        signal: stop.signal,
        onProgress: ({ stage }) => {
          if (stage === at) stop.abort(new Error("broken off"));
        },
      })
      .then(
        () => figures.loads++,
        () => undefined,
      );
  };
  const kill = async (): Promise<void> => {
    writeFileSync(join(company.folder, "package.json"), '{ "type": "module" }');
    const { source: _source, kind: _kind, ...rest } = job;
    writeFileSync(
      join(company.folder, "tessera.config.ts"),
      `import { defineJob, defineProject, postgres, env } from "tessera";\nexport default defineProject({ name: "t", warehouse: { path: "./warehouse" }, dimensions: [], cubes: [], jobs: [defineJob({ ...${JSON.stringify(rest)}, source: postgres({ name: "erp", url: env("ERP") }) })] });\n`,
    );
    figures.killed++;
    await runLoad({
      folder: company.folder,
      environment: { ...process.env, ...environment },
      onStart: (pid) => {
        setTimeout(() => {
          try {
            process.kill(pid, "SIGKILL");
          } catch {
            /* it was done before */
          }
        }, 500 + upTo(900));
      },
    }).then(
      () => figures.loads++,
      () => undefined,
    );
  };
  try {
    await load();
    for (let round = 4 + upTo(8); round > 0; round--) {
      for (let n = upTo(6); n > 0; n--) await step();
      const what = random();
      if (what < 0.2) await breakOff();
      else if (options.kills && what < 0.25) await kill();
      else if (what < 0.32 && (await company.manifest())!.version > 1) {
        await rollbackLoad(company.warehouse, (await company.manifest())!.run);
        figures.rollbacks++;
      } else await load();
    }
    for (let slot = 0; slot < SLOTS; slot++) await end(slot);
    await load();
    return figures;
  } finally {
    for (const client of clients) await client.end();
    company.remove();
    await server.query(`drop table if exists ${table}`);
  }
}
