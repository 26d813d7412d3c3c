/** `cube.#rows`: the number of a cube's facts, without a declaration. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../../../../engine/query/answer/engine.ts";
import { explain } from "../../../../engine/query/inspect/explain.ts";
import { drillthrough } from "../../../../engine/query/inspect/drillthrough.ts";
import { defineProject } from "../../../../engine/model/index.ts";
import { openShop, project } from "../../support/shop.ts";

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  const spec = defineProject({
    ...project,
    roles: {
      open: { rows: [{ member: "customer.country", operator: "equals", values: ["DE"] }] },
      uncounted: {
        rows: [{ member: "customer.country", operator: "equals", values: ["DE"] }],
        hide: ["sales.lines"],
      },
      closed: { rows: [{ member: "customer.country", operator: "equals", values: ["DE"] }], hide: ["sales.#rows"] },
    },
    segments: [
      ...(project.segments ?? []),
      {
        kind: "segment",
        name: "often",
        over: "customer",
        filters: [{ member: "sales.#rows", operator: "gt", values: [40] }],
      },
    ],
  });
  shop = await openShop(spec);
});
afterAll(() => shop.close());

const count = async (sql: string): Promise<number> => Number((await shop.sql(`select count(*) as n ${sql}`))[0]!["n"]);
const one = async (engine: Engine): Promise<unknown> =>
  (await engine.query({ measures: ["sales.#rows"] })).rows[0]!["sales.#rows"];

test("counts the facts, as a whole number with a title of its own", async () => {
  const { rows, columns } = await shop.engine.query({ measures: ["sales.#rows"] });
  expect(rows).toEqual([{ "sales.#rows": await count("from sales") }]);
  expect(columns).toMatchObject([{ name: "sales.#rows", title: "Sales: rows", format: "integer", kind: "measure" }]);
});
test("filters, ranks, makes segments, and is explained and drilled through", async () => {
  const often =
    "select customer_id from sales join customer using (customer_id) where valid_until is null group by 1 having count(*) > 40";
  expect(
    (await shop.engine.query({ measures: ["sales.#rows"], filters: [{ segment: "often" }] })).rows[0]!["sales.#rows"],
  ).toBe(await count(`from sales where customer_id in (${often})`));
  const { rows } = await shop.engine.query({
    measures: ["sales.revenue"],
    dimensions: ["sales.channel"],
    top: [{ dimension: "sales.channel", by: "sales.#rows", n: 1 }],
  });
  expect(rows).toMatchObject([{ "sales.channel": "store" }]);
  expect((await explain(shop.engine, { measures: ["sales.#rows"] })).measures).toMatchObject([
    { member: "sales.#rows", tables: ["sales"] },
  ]);
  expect((await drillthrough(shop.engine, { measures: ["sales.#rows"], dimensions: [], limit: 3 })).rows).toHaveLength(
    3,
  );
});
test("obeys row rules, and is hidden with the cube's own count of everything", async () => {
  const german = await count(
    "from sales join (select * from customer where valid_until is null) using (customer_id) where country = 'DE'",
  );
  expect(await one(shop.engine.as("open"))).toBe(german);
  for (const role of ["uncounted", "closed"])
    await expect(one(shop.engine.as(role))).rejects.toMatchObject({ code: "unknown-member" });
});
test("is not a dimension, and is not listed among the declared measures", async () => {
  await expect(shop.engine.query({ measures: ["sales.revenue"], dimensions: ["sales.#rows"] })).rejects.toMatchObject({
    code: "unknown-member",
    remedy: "put it under measures",
  });
  expect([...shop.engine.catalog.measures.keys()].filter((member) => member.includes("#"))).toEqual([]);
});
