/**
 * What the demo company is made of is found again: parameters within their intervals, reasons in their order, campaigns
 * by kind of customer, curves within their bands, the fall with where it came from first.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { bootstrapCurves, fitCurve, response } from "../../engine/mining/allocation/response-curve.ts";
import { fitLogistic, scoresOf } from "../../engine/mining/churn/logistic.ts";
import { fitBgNbd } from "../../engine/mining/lifetime-value/bg-nbd.ts";
import { compressHistories } from "../../engine/mining/lifetime-value/histories.ts";
import { parameterInterval } from "../../engine/mining/maximise.ts";
import { businessWeeks, DAYS, MONTHS, monthOf } from "../../etl/demo/world/calendar.ts";
import { CITIES } from "../../etl/demo/world/geography.ts";
import { CURVES, FALL, PURCHASES, UPLIFT_TYPES } from "../../etl/demo/world/parameters.ts";
import { simulate, type World } from "../../etl/demo/world/simulate.ts";
import { responseTo } from "../../etl/demo/world/spend.ts";
import { openProject, type OpenProject } from "../../etl/project/open-project.ts";
import { loadedDemo, type LoadedDemo } from "../etl/demo/_demo.ts";

let world: World;
let demo: LoadedDemo;
let project: OpenProject;
beforeAll(async () => {
  world = simulate(1, 1);
  demo = await loadedDemo(0.3);
  project = (await openProject(demo.spec, { folder: demo.home })) as unknown as OpenProject;
}, 600_000);
afterAll(async () => {
  await project?.close();
  demo?.remove();
});

/** BG/NBD of the customers asked for. */
function fitted({
  merged,
  clock,
  of,
}: {
  readonly merged: boolean;
  readonly clock: (day: number) => number;
  readonly of: (customer: number) => boolean;
}) {
  const { orders } = world;
  const [x, tx, T]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < orders.count; ) {
    const customer = orders.customer[i]!;
    const all: number[] = [];
    for (; i < orders.count && orders.customer[i] === customer; i++) all.push(orders.day[i]!);
    if (!of(customer)) continue;
    const days = merged ? [...new Set(all)] : all;
    x.push(days.length - 1);
    tx.push(clock(days[days.length - 1]!) - clock(days[0]!));
    T.push(clock(DAYS) - clock(days[0]!));
  }
  const { maximum } = fitBgNbd(
    compressHistories({ x: Float64Array.from(x), tx: Float64Array.from(tx), T: Float64Array.from(T) }),
  );
  return { estimate: maximum.x, interval: [0, 1, 2, 3].map((k) => parameterInterval(maximum, k)), n: x.length };
}
const NAMES = ["r", "alpha", "a", "b"] as const;
const business = (day: number): number => businessWeeks(Math.min(day, DAYS));
const calendar = (day: number): number => day / 7;
const untouched = (customer: number): boolean =>
  world.draw.member[customer] === 0 && CITIES[world.customers.city[customer]!]!.region !== FALL.region;

test("recovers the demo's BG/NBD parameters without its disturbances; each disturbance shifts its own parameter", () => {
  const plain = fitted({ merged: false, clock: business, of: untouched });
  NAMES.forEach((name, k) => {
    const [low, high] = plain.interval[k]!;
    expect(low, name).toBeLessThan(PURCHASES[name]);
    expect(high, name).toBeGreaterThan(PURCHASES[name]);
  });
  const day = fitted({ merged: true, clock: business, of: untouched });
  const season = fitted({ merged: false, clock: calendar, of: untouched });
  const campaigns = fitted({
    merged: false,
    clock: business,
    of: (c) => CITIES[world.customers.city[c]!]!.region !== FALL.region,
  });
  const all = fitted({ merged: true, clock: calendar, of: () => true });
  for (const [what, found] of Object.entries({
    "left out": plain,
    "a day's purchases as one": day,
    "calendar weeks": season,
    "campaigns too": campaigns,
    "as it is sold": all,
  }))
    console.log(what, found.n, NAMES.map((name, k) => `${name} ${found.estimate[k]!.toFixed(3)}`).join(" "));
  // two purchases of a day taken for one make buyers slower and more alike
  expect([day.estimate[0]! > plain.estimate[0]!, day.estimate[1]! > plain.estimate[1]!]).toEqual([true, true]);
  // what campaigns bring is no habit: all seem to buy more alike
  expect(campaigns.estimate[0]!).toBeGreaterThan(plain.estimate[0]! + 0.05);
  // a year that ends in its busiest weeks makes those gone look fewer
  expect(season.estimate[2]!).toBeLessThan(plain.estimate[2]!);
});

test("ranks reasons for leaving as planted: late deliveries, bad service, price", () => {
  const { orders, cases } = world;
  const topics = new Map<number, Set<number>>();
  for (const c of cases) if (c.order >= 0) topics.set(c.order, (topics.get(c.order) ?? new Set()).add(c.topic));
  const rows: number[] = [];
  // what is bought in a shop is never delivered late: there the first reason leaves no trace
  for (let o = 0; o < orders.count; o++) if (orders.day[o]! < DAYS - 180 && orders.carrier[o]! > 0) rows.push(o);
  const last = (o: number): number =>
    o + 1 >= orders.count || orders.customer[o + 1] !== orders.customer[o] || orders.day[o + 1]! > orders.day[o]! + 180
      ? 1
      : 0;
  const flags = [
    (o: number) => orders.late[o]! > 0,
    (o: number) => [5, 12].some((t) => topics.get(o)?.has(t)),
    (o: number) => topics.get(o)?.has(11) ?? false,
  ];
  const columns = flags.map((flag) => Float64Array.from(rows, (o) => (flag(o) ? 1 : 0)));
  const found = fitLogistic(columns, Float64Array.from(rows, last), { l2: 1 });
  const whole = scoresOf(found, columns).reduce((a, b) => a + b, 0);
  // leavers that would be fewer without each
  const parts = columns.map(
    (_, j) =>
      whole -
      scoresOf(
        found,
        columns.map((c, k) => (k === j ? new Float64Array(c.length) : c)),
      ).reduce((a, b) => a + b, 0),
  );
  console.log("leavers that go with late delivery, service, price:", parts.map(Math.round));
  expect(parts[0]! > parts[1]! && parts[1]! > parts[2]! && parts[2]! > 0).toBe(true);
});

test("finds the planted effects on the persuadable, on others and on sleeping dogs", () => {
  const { orders, draw, customers } = world;
  const found = UPLIFT_TYPES.map(() => ({ total: 0, variance: 0 }));
  const byCustomer = new Map<number, number[]>();
  for (let o = 0; o < orders.count; o++) {
    const days = byCustomer.get(orders.customer[o]!) ?? [];
    days.push(orders.day[o]!);
    byCustomer.set(orders.customer[o]!, days);
  }
  draw.campaigns.forEach((campaign, k) => {
    const arms = UPLIFT_TYPES.map(() => [0, 1].map(() => ({ n: 0, sum: 0, squares: 0 })));
    for (let c = 0; c < customers.count; c++) {
      if ((draw.member[c]! & (1 << k)) === 0 || customers.prospect[c] === 1) continue;
      const y = (byCustomer.get(c) ?? []).filter(
        (d) => d >= campaign.start && d < campaign.start + campaign.window,
      ).length;
      const arm = arms[customers.uplift[c]!]![(draw.treated[c]! & (1 << k)) !== 0 ? 1 : 0]!;
      arm.n++;
      arm.sum += y;
      arm.squares += y * y;
    }
    arms.forEach(([none, one], type) => {
      const variance = (m: { n: number; sum: number; squares: number }): number =>
        (m.squares / m.n - (m.sum / m.n) ** 2) / m.n;
      found[type]!.total += one!.n * (one!.sum / one!.n - none!.sum / none!.n);
      found[type]!.variance += one!.n ** 2 * (variance(one!) + variance(none!));
    });
  });
  const planted = UPLIFT_TYPES.map((_, type) =>
    orders.planned.reduce((sum, types) => sum + types[type]!.expected - types[type]!.suppressed, 0),
  );
  console.log(
    "extra orders by kind, found and planted:",
    found
      .map(
        (f, t) =>
          `${UPLIFT_TYPES[t]!.name} ${Math.round(f.total)} ± ${Math.round(1.96 * Math.sqrt(f.variance))} ` +
          `(${Math.round(planted[t]!)})`,
      )
      .join("; "),
  );
  found.forEach((f, t) =>
    expect(Math.abs(f.total - planted[t]!), UPLIFT_TYPES[t]!.name).toBeLessThan(3 * Math.sqrt(f.variance)),
  );
  expect(found[0]!.total - 1.96 * Math.sqrt(found[0]!.variance)).toBeGreaterThan(0);
  expect(found[3]!.total + 1.96 * Math.sqrt(found[3]!.variance)).toBeLessThan(0);
});

test("contains the planted curve in the bands of most channels' response curves", () => {
  let inside = 0;
  for (const curve of CURVES) {
    const spend = world.spend.filter((s) => s.channel === curve.channel).map((s) => s.actual);
    const outcome = new Array<number>(MONTHS).fill(0);
    for (let o = 0; o < world.orders.count; o++)
      if (world.sources[o] === curve.channel) outcome[monthOf[world.orders.day[o]!]!]!++;
    const sorted = [...spend].sort((a, b) => a - b);
    const [low, high] = [sorted[9]!, sorted[26]!];
    const truth = responseTo(high / (1 - curve.carry), curve) - responseTo(low / (1 - curve.carry), curve);
    const found = fitCurve(spend, outcome);
    const draws = bootstrapCurves(spend, outcome, found, 200, curve.channel)
      .map((c) => response(c, high) - response(c, low))
      .sort((a, b) => a - b);
    console.log(
      `channel ${curve.channel}: more spend brings ${truth.toFixed(0)}, found ` +
        `${(response(found, high) - response(found, low)).toFixed(0)} (${draws[5]!.toFixed(0)} to ` +
        `${draws[194]!.toFixed(0)})`,
    );
    if (draws[5]! <= truth && truth <= draws[194]!) inside++;
  }
  expect(inside).toBeGreaterThanOrEqual(5);
});

test("explains the planted fall first by its delivery partner in its region, in parts that add up to the cent", async () => {
  const before = ["2025-07-21", "2025-09-07"] as const;
  const dimensions = ["customer.region", "sales.carrier", "channel.name", "customer.customer_type"];
  const fall = await project.move({ measure: "sales.lines", before, after: [FALL.from, FALL.until], dimensions });
  console.log(
    "first:",
    fall.causes.slice(0, 3).map((c) => `${c.dimensions.join(" and ")}: ${c.member}`),
  );
  expect(fall.causes[0]!.member).toBe(`${FALL.region} · BlueVan`);
  expect(fall.causes[0]!.total).toBeLessThan(0);
  const money = await project.move({
    measure: "sales.revenue",
    volume: "sales.orders",
    before,
    after: [FALL.from, FALL.until],
    dimensions,
  });
  for (const cut of money.cuts)
    expect(
      Math.abs(cut.contributions.reduce((sum, c) => sum + c.total, 0) - (money.after - money.before)),
    ).toBeLessThan(0.005);
});
