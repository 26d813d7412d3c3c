import { afterAll, beforeAll, expect, test } from "vitest";
import { mineInProcess } from "../../../etl/mine/mine-in-process.ts";
import { modelReport } from "../../../etl/project/reports.ts";
import { openSmallShop, type SmallShop } from "../../api/support/small-shop.ts";

let shop: SmallShop;
beforeAll(async () => {
  shop = await openSmallShop();
});
afterAll(() => shop.close());

const mine = async (asOf?: string) => {
  const done = await mineInProcess({
    spec: shop.project.spec,
    folder: shop.folder,
    ...(asOf !== undefined && { asOf }),
  });
  await shop.project.refresh();
  return done;
};
const segments = async (asOf?: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (
      await shop.project.query({
        measures: ["sales.buyers"],
        dimensions: ["customer.rfm_segment"],
        ...(asOf !== undefined && { history: { as_of: asOf } }),
      })
    ).rows.map((row) => [String(row["customer.rfm_segment"]), Number(row["sales.buyers"])]),
  );
const labels = async (on: string) =>
  (
    await shop.project.sql(
      "SELECT key::VARCHAR AS key, segment FROM labels_rfm WHERE valid_from = $1::DATE ORDER BY 1",
      [on],
    )
  ).rows;

test("keeps labels of several days: a query returns them as of any day", async () => {
  await mine("2025-03-01");
  const march = await segments();
  await mine();
  const now = await segments();
  expect(now).not.toEqual(march);
  expect(await segments("2025-03-01")).toEqual(march);
  expect(await segments("2025-08-15")).toEqual(march);
  // before the first labels nobody has one
  expect(Object.keys(await segments("2024-06-01"))).toEqual(["null"]);
});

test("inserts an earlier day that is mined later, and keeps the newest labels", async () => {
  const now = await segments();
  await mine("2025-06-01");
  expect(await segments()).toEqual(now);
  expect(await segments("2025-06-02")).not.toEqual(await segments("2025-03-02"));
  const read = await shop.project.sql(
    "SELECT count(*)::INTEGER AS n FROM (SELECT key, valid_from, valid_until, lead(valid_from) OVER " +
      "(PARTITION BY key ORDER BY valid_from) AS next FROM labels_rfm) WHERE valid_until > next OR " +
      "valid_until <= valid_from",
  );
  expect(read.rows[0]!["n"]).toBe(0);
});

test("balances the migration matrix on both margins", async () => {
  await mine();
  const report = await modelReport(shop.project, "rfm");
  const matrix = report.sections.find((s) => s.title === `From 2025-06-01 to ${report.asOf}`)!;
  const margin = (side: "was" | "now"): Record<string, number> =>
    matrix.rows.reduce<Record<string, number>>(
      (m, row) => ({ ...m, [String(row[side])]: (m[String(row[side])] ?? 0) + Number(row["members"]) }),
      {},
    );
  const counts = async (day: string): Promise<Record<string, number>> =>
    (await labels(day)).reduce<Record<string, number>>(
      (m, row) => ({ ...m, [String(row["segment"])]: (m[String(row["segment"])] ?? 0) + 1 }),
      {},
    );
  const [was, now] = [await counts("2025-06-01"), await counts(report.asOf)];
  const { "(no label)": none, ...then } = margin("was");
  expect(then).toEqual(was);
  expect(margin("now")).toEqual(now);
  expect(none ?? 0).toBe(Object.values(now).reduce((a, b) => a + b, 0) - Object.values(was).reduce((a, b) => a + b, 0));
});

test("gives the same labels, fingerprint and report for the same data", async () => {
  const first = await mine();
  const before = await labels(first.reports[0]!.asOf);
  const again = await mine();
  const told = ({ seconds: _, dataVersion: __, ...report }: (typeof first.reports)[number]) => report;
  expect(told(again.reports[0]!)).toEqual(told(first.reports[0]!));
  expect(await labels(again.reports[0]!.asOf)).toEqual(before);
});
