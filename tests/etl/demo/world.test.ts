import { beforeAll, describe, expect, it } from "vitest";
import { CHANNEL, CURVES, FALL, PURCHASES, UPLIFT_TYPES } from "../../../etl/demo/world/parameters.ts";
import { CITIES } from "../../../etl/demo/world/geography.ts";
import { DAYS, dayOf } from "../../../etl/demo/world/calendar.ts";
import { Random, Weighted } from "../../../etl/demo/world/random.ts";
import { refund, net } from "../../../etl/demo/world/lines.ts";
import { simulate, type World } from "../../../etl/demo/world/simulate.ts";

let world: World;
beforeAll(() => {
  world = simulate(7, 0.25);
});
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

describe("the world behind the demo", () => {
  it("draws its distributions at their means", () => {
    const random = new Random(3, "test");
    const many = (draw: () => number): number => mean(Array.from({ length: 40_000 }, draw));
    expect(many(() => random.gamma(0.6))).toBeCloseTo(0.6, 1);
    expect(many(() => random.beta(2, 3))).toBeCloseTo(0.4, 2);
    expect(many(() => random.poisson(3.5))).toBeCloseTo(3.5, 1);
    expect(many(() => random.exponential())).toBeCloseTo(1, 1);
    expect(many(() => random.normal())).toBeCloseTo(0, 1);
    const weighted = new Weighted([1, 2, 7]);
    expect(many(() => (weighted.draw(random) === 2 ? 1 : 0))).toBeCloseTo(0.7, 2);
  });

  it("draws each customer's rate and dropout from the parameters of the truth", () => {
    expect(mean([...world.customers.rate])).toBeCloseTo(PURCHASES.r / PURCHASES.alpha, 2);
    expect(mean([...world.customers.dropout])).toBeCloseTo(PURCHASES.a / (PURCHASES.a + PURCHASES.b), 2);
  });

  it("has no order before its customer joined or after the three years", () => {
    const { orders, customers } = world;
    for (let o = 0; o < orders.count; o++) {
      expect(orders.day[o]! >= customers.joined[orders.customer[o]!]! && orders.day[o]! < DAYS).toBe(true);
    }
  });

  it("holds customers out at random: the arms are alike before the campaign", () => {
    const { draw, customers } = world;
    draw.campaigns.forEach((campaign, k) => {
      const arms: [number[], number[]] = [[], []];
      for (let i = 0; i < customers.count; i++)
        if ((draw.member[i]! & (1 << k)) !== 0)
          arms[(draw.treated[i]! & (1 << k)) !== 0 ? 1 : 0].push(customers.rate[i]!);
      const [held, treated] = arms;
      const share = held.length / (held.length + treated.length);
      expect(Math.abs(share - campaign.holdout)).toBeLessThan(
        5 * Math.sqrt((campaign.holdout * (1 - campaign.holdout)) / (held.length + treated.length)),
      );
      const spread = Math.sqrt(mean(treated.map((x) => x * x)) - mean(treated) ** 2);
      expect(Math.abs(mean(held) - mean(treated))).toBeLessThan(
        5 * spread * Math.sqrt(1 / held.length + 1 / treated.length),
      );
    });
  });

  it("makes persuadable customers order more when treated, and sleeping dogs fewer", () => {
    const { orders } = world;
    const sum = (type: number, field: "expected" | "realised" | "suppressed" | "treated"): number =>
      orders.planned.reduce((total, types) => total + types[type]![field], 0);
    expect(Math.abs(sum(0, "realised") - sum(0, "expected"))).toBeLessThan(5 * Math.sqrt(sum(0, "expected")));
    expect(sum(3, "suppressed")).toBeGreaterThan(0);
    expect(sum(1, "expected") + sum(2, "expected") + sum(3, "expected")).toBe(0);
    expect(UPLIFT_TYPES).toHaveLength(4);
  });

  it("has web orders through each paid channel according to its spend", () => {
    for (const curve of CURVES) {
      const expected = world.spend
        .filter((entry) => entry.channel === curve.channel)
        .reduce((total, entry) => total + entry.expectedOrders, 0);
      const found = world.sources.filter((source) => source === curve.channel).length;
      expect(Math.abs(found - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it("has one delivery partner fail in one region for seven weeks: late and returned goods rise, orders fall", () => {
    const { orders, customers, lines } = world;
    const [from, until] = [dayOf(FALL.from), dayOf(FALL.until)];
    const count = (
      inside: boolean,
      first: number,
      last: number,
    ): { shipped: number; late: number; revenue: number; returned: number } => {
      const found = { shipped: 0, late: 0, revenue: 0, returned: 0 };
      for (let o = 0; o < orders.count; o++) {
        if (
          orders.channel[o] === CHANNEL.store ||
          orders.day[o]! < first ||
          orders.day[o]! > last ||
          (CITIES[customers.city[orders.customer[o]!]!]!.region === FALL.region) !== inside
        )
          continue;
        found.shipped++;
        found.late += orders.late[o]!;
        for (let line = lines.start[o]!; line < lines.start[o + 1]!; line++) {
          found.revenue += net(lines, line);
          found.returned += refund(lines, line);
        }
      }
      return found;
    };
    const [here, before] = [count(true, from, until), count(true, from - 49, from - 1)];
    const [elsewhere, earlier] = [count(false, from, until), count(false, from - 49, from - 1)];
    expect(here.late / here.shipped).toBeGreaterThan(0.4);
    expect(elsewhere.late / elsewhere.shipped).toBeLessThan(0.1);
    expect(here.shipped / before.shipped).toBeLessThan(0.8 * (elsewhere.shipped / earlier.shipped));
    expect(here.returned / here.revenue).toBeGreaterThan(1.5 * (elsewhere.returned / elsewhere.revenue));
  });

  it("gives customers who leave over late deliveries a late delivery, and over service a case", () => {
    const { orders, cases } = world;
    const withCase = new Set(cases.map((entry) => entry.order));
    for (let o = 0; o < orders.count; o++) {
      if (orders.churn[o] === 1 && orders.channel[o] !== CHANNEL.store) expect(orders.late[o]).toBe(1);
      if (orders.churn[o] === 2 && orders.delivered[o]! < DAYS - 8) expect(withCase.has(o)).toBe(true);
    }
  });
});
