import { startPostgres } from "/tmp/tessera-h2/tests/etl/_postgres.ts";
import { writeFileSync } from "node:fs";
const server = await startPostgres();
const M = 1_000_000;
for (const count of [M, 5 * M, 20 * M]) await server.query(`create table sales_${count} as select i::int8 as id, (i % 50000)::int4 as customer_id, (i % 900)::int4 as product_id, timestamp '2024-01-01' + i * interval '1 second' as sold_at, ((i::int8 * 37 % 100000) / 100.0)::numeric(12,2) as amount, (i % 7)::int4 as quantity,
        case i % 3 when 0 then 'open' when 1 then 'closed' else 'won' end as status, 'order note number ' || i as note from generate_series(0, ${count - 1}) i`, `analyze sales_${count}`);
writeFileSync("/tmp/pg.url", server.url);
console.log("ready");
setTimeout(() => void server.stop().then(() => process.exit(0)), 75 * 60_000);
