/** What models write about members, against a plain second computation over the rows that they were given. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, first, last, required } from "../../../engine/lookup.ts";
import { CHANNELS, labRows, ofMembers, openLab, PRODUCTS, upTo, type Lab, type Mined, type Sale } from "./_lab.ts";

const DAY = "2025-03-30";
const { sales, touches, mailings } = upTo(ofMembers(labRows(), 400), DAY);
let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ sales, touches, mailings });
});
afterAll(() => lab.close());

const dayNumber = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
const TODAY = dayNumber(DAY);

/** Rows by what they have in common, in the order of the keys. */
function grouped<T>(rows: readonly T[], keyOf: (row: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return new Map([...groups].sort(([a], [b]) => a - b));
}
const salesOf = grouped(sales, (row) => row.customer);
/** Labels as a map of the key to one output. */
const labelsBy = ({ labels }: Mined, output: string): Map<number, unknown> =>
  new Map(labels.map((row) => [Number(row["key"]), row[output]]));
const purchaseDays = (rows: readonly Sale[]): number[] =>
  [...new Set(rows.map((row) => dayNumber(row.day)))].sort((a, b) => a - b);

/** 1 to `parts`: how many parts of all values are strictly better. */
const partOf = (value: number, all: readonly number[], parts: number, better: (a: number, b: number) => boolean) =>
  1 + Math.min(parts - 1, Math.floor((parts * all.filter((other) => better(other, value)).length) / all.length));

/** The usual map of ten names: rows are recency 5 to 1, columns the mean of frequency and money 1 to 5. */
const NAMES: { readonly [recency: number]: readonly string[] } = {
  5: ["New customers", "Potential loyalists", "Potential loyalists", "Champions", "Champions"],
  4: ["Promising", "Potential loyalists", "Potential loyalists", "Loyal", "Loyal"],
  3: ["About to sleep", "About to sleep", "Need attention", "Loyal", "Loyal"],
  2: ["Hibernating", "Hibernating", "At risk", "At risk", "Can't lose them"],
  1: ["Hibernating", "Hibernating", "At risk", "At risk", "Can't lose them"],
};

test("RFM scores are fifths of all members, and each of the 25 cells has its name", async () => {
  const members = [...salesOf].map(([key, rows]) => ({
    key,
    last: last(purchaseDays(rows)),
    days: purchaseDays(rows).length,
    money: rows.reduce((sum, row) => sum + Math.round(100 * row.amount), 0),
  }));
  const fifth = (figure: "last" | "days" | "money", value: number): number =>
    partOf(
      value,
      members.map((m) => m[figure]),
      5,
      (a, b) => a < b,
    );
  const expected = members.map((m) => {
    const [recency, frequency, monetary] = [fifth("last", m.last), fifth("days", m.days), fifth("money", m.money)];
    const value = Math.floor((frequency + monetary + 1) / 2);
    return { key: String(m.key), segment: at(NAMES[recency] ?? [], value - 1), recency, frequency, monetary };
  });
  const { labels } = await lab.mine("rfm", DAY);
  expect(labels).toHaveLength(expected.length);
  const written = labels.map((row) => {
    const [recency, frequency, monetary] = ["recency", "frequency", "monetary"].map((score) => Number(row[score]));
    return [String(row["key"]), { key: row["key"], segment: row["segment"], recency, frequency, monetary }] as const;
  });
  expect(new Map(written)).toEqual(new Map(expected.map((row) => [row.key, row])));
  expect(new Set(expected.map((row) => `${row.recency}${row.frequency}`)).size).toBeGreaterThan(15);
});

test("a cohort is the quarter of the first purchase", async () => {
  const quarter = (iso: string): string => `${iso.slice(0, 4)} Q${Math.ceil(Number(iso.slice(5, 7)) / 3)}`;
  const firsts = new Map([...salesOf].map(([key, rows]) => [key, quarter(at(rows.map((r) => r.day).sort(), 0))]));
  expect(labelsBy(await lab.mine("cohorts", DAY), "cohort")).toEqual(firsts);
});

test("survival knows who left, for how long they were there, and how likely they stay a quarter more", async () => {
  const INACTIVE = 90;
  const members = new Map(
    [...salesOf].flatMap(([key, rows]) => {
      const days = purchaseDays(rows);
      const left = last(days) + INACTIVE;
      return first(days) < TODAY
        ? [[key, { gone: left <= TODAY, days: Math.min(left, TODAY) - first(days) }] as const]
        : [];
    }),
  );
  /** Kaplan and Meier's product over each day with a leaver. */
  const staysUntil = (time: number): number => {
    let share = 1;
    const all = [...members.values()];
    for (const day of new Set(all.filter((m) => m.gone && m.days <= time).map((m) => m.days)))
      share *= 1 - all.filter((m) => m.gone && m.days === day).length / all.filter((m) => m.days >= day).length;
    return share;
  };
  const longest = Math.max(...[...members.values()].map((m) => m.days));
  const mined = await lab.mine("staying", DAY);
  expect(labelsBy(mined, "days")).toEqual(new Map([...members].map(([key, m]) => [key, m.days])));
  expect(labelsBy(mined, "state")).toEqual(new Map([...members].map(([key, m]) => [key, m.gone ? "gone" : "there"])));
  const stay = labelsBy(mined, "stay");
  let [known, unknown] = [0, 0];
  for (const [key, { gone, days }] of members) {
    if (gone) expect(stay.get(key)).toBe(0);
    else if (days + 91 > longest) {
      expect(stay.get(key)).toBeNull();
      unknown++;
    } else {
      expect(stay.get(key)).toBeCloseTo(staysUntil(days + 91) / staysUntil(days), 10);
      known++;
    }
  }
  expect(Math.min(known, unknown)).toBeGreaterThan(20);
});

test("a journey's depth is the furthest step in order within its days, by the time of each event", async () => {
  const STEPS = ["send", "open", "click"];
  const DAYS = 60;
  const expected = new Map(
    [...grouped(touches, (row) => row.customer)].map(([key, rows]) => {
      const events = rows
        .map((row) => ({ at: dayNumber(row.day) + (row.hour + 0.5) / 24, kind: row.kind }))
        .sort((a, b) => a.at - b.at || (a.kind < b.kind ? -1 : 1));
      /** the furthest from an event on, whose day and place are known */
      const from = (i: number): number => {
        let depth = 1;
        for (const event of events.slice(i + 1))
          if (event.at - at(events, i).at <= DAYS && event.kind === STEPS[depth]) depth++;
        return depth;
      };
      const starts = [...events.keys()].filter((i) => at(events, i).kind === STEPS[0]);
      return [key, Math.max(0, ...starts.map(from))] as const;
    }),
  );
  const mined = await lab.mine("ways", DAY);
  expect(labelsBy(mined, "depth")).toEqual(expected);
  expect(labelsBy(mined, "step")).toEqual(
    new Map([...expected].map(([key, depth]) => [key, depth === 0 ? "(none)" : `${depth} ${at(STEPS, depth - 1)}`])),
  );
  expect(new Set(expected.values()).size).toBe(4);
});

describe("attribution", () => {
  /** Each order with the channels of the touches in the 30 days before its end of day, oldest first. */
  const LOOKBACK = 30;
  const byOrder = grouped(sales, (row) => row.order);
  const paths = [...salesOf].flatMap(([customer]) => {
    const orders = [...byOrder.values()].filter((rows) => at(rows, 0).customer === customer);
    const ends = orders
      .map((rows) => ({
        at: dayNumber(at(rows, 0).day) + 0.999999,
        value: rows.reduce((sum, row) => sum + row.amount, 0),
      }))
      .sort((a, b) => a.at - b.at);
    const own = touches
      .filter((touch) => touch.customer === customer)
      .map((touch) => ({ at: dayNumber(touch.day) + (touch.hour + 0.5) / 24, channel: touch.channel }))
      .sort((a, b) => a.at - b.at);
    let after = Number.NEGATIVE_INFINITY;
    return ends.map((end) => {
      // a touch counts for the next order alone
      const seen = own.filter((touch) => touch.at > after && touch.at <= end.at && end.at - touch.at <= LOOKBACK);
      after = end.at;
      return { value: end.value, channels: seen.map((touch) => touch.channel) };
    });
  });
  const converted = paths.filter((path) => path.channels.length > 0);
  const nameOf = (id: number): string => CHANNELS.find((each) => each.id === id)?.name ?? "";

  test("divides all conversions and their value among the channels; shares add up to one", async () => {
    const mined = await lab.mine("credit", DAY);
    const [conversions, value, share] = ["conversions", "value", "share"].map((output) => labelsBy(mined, output));
    const sumOf = (labels: Map<number, unknown> | undefined): number =>
      [...(labels?.values() ?? [])].reduce((sum: number, each) => sum + Number(each), 0);
    expect(sumOf(conversions)).toBeCloseTo(converted.length, 6);
    expect(sumOf(value)).toBeCloseTo(
      converted.reduce((sum, path) => sum + path.value, 0),
      4,
    );
    expect(sumOf(share)).toBeCloseTo(1, 10);
    for (const [key, own] of share ?? []) {
      expect(Number(own)).toBeCloseTo(Number(conversions?.get(key)) / converted.length, 10);
      expect(Number(own)).toBeCloseTo(Number(value?.get(key)) / sumOf(value), 8);
    }
    expect(paths.length - converted.length).toBeGreaterThan(10);
    expect(mined.report.figures.map((figure) => figure.note).join()).toContain(
      `${paths.length - converted.length} more have no touch within 30 days`,
    );
  });

  test("credits first, last and linear touches as each path says", async () => {
    const { report } = await lab.mine("credit", DAY);
    const rows = report.sections.find((section) => section.title === "Conversions by rule")?.rows ?? [];
    const found = (rule: string, channel: string): number =>
      Number(rows.find((row) => row["rule"] === rule && row["channel"] === channel)?.["conversions"]);
    for (const { id } of CHANNELS) {
      const count = (credit: (channels: readonly number[]) => number): number =>
        converted.reduce((sum, { channels }) => sum + credit(channels), 0);
      expect(found("First touch", nameOf(id))).toBe(count((channels) => Number(first(channels) === id)));
      expect(found("Last touch", nameOf(id))).toBe(count((channels) => Number(last(channels) === id)));
      expect(found("Linear", nameOf(id))).toBeCloseTo(
        count((channels) => channels.filter((channel) => channel === id).length / channels.length),
        8,
      );
      expect(found("Shapley", nameOf(id))).toBeCloseTo(
        count((channels) => (channels.includes(id) ? 1 / new Set(channels).size : 0)),
        8,
      );
    }
  });
});

test("a product's partner has the lift and the confidence that counting orders gives", async () => {
  const orders = [...grouped(sales, (row) => row.order).values()].map(
    (rows) => new Set(rows.map((row) => row.product)),
  );
  const holding = (...products: number[]): number =>
    orders.filter((order) => products.every((product) => order.has(product))).length;
  const { labels } = await lab.mine("together", DAY);
  expect(labels.map((row) => Number(row["key"]))).toEqual(expect.arrayContaining([1, 2]));
  for (const row of labels) {
    const own = Number(row["key"]);
    const partner = required(new Map(PRODUCTS.map((product) => [product.title, product.id])), String(row["partner"]));
    const confidence = holding(own, partner) / holding(own);
    expect(row["confidence"]).toBeCloseTo(confidence, 10);
    expect(row["lift"]).toBeCloseTo((confidence * orders.length) / holding(partner), 10);
  }
  expect(labelsBy({ labels } as Mined, "partner").get(1)).toBe("Thing 2");
});

test("offers go to members who are not tired of contacts, and are worth their chance times the margin less the cost", async () => {
  const { labels } = await lab.mine("offers", DAY);
  const tired = new Set(
    [
      ...grouped(
        touches.filter((row) => dayNumber(row.day) > TODAY - 14),
        (row) => row.customer,
      ),
    ]
      .filter(([, rows]) => rows.length >= 2)
      .map(([key]) => key),
  );
  expect(tired.size).toBeGreaterThan(5);
  expect(labels.map((row) => Number(row["key"]))).toEqual(
    [...salesOf.keys()].filter((key) => !tired.has(key)).sort((a, b) => a - b),
  );
  for (const row of labels.slice(0, 60)) {
    const offered = sales.filter((sale) => `Thing ${sale.product}` === row["offer"]);
    const margin =
      offered.reduce((sum, sale) => sum + sale.amount, 0) / new Set(offered.map((sale) => sale.order)).size;
    expect(row["worth"]).toBeCloseTo(Number(row["chance"]) * margin - 0.4, 6);
    const before = new Set(offered.filter((sale) => sale.customer === Number(row["key"])).map((sale) => sale.order))
      .size;
    if (before > 0) expect(row["reason"]).toBe(`bought ${before === 1 ? "once" : `${before} times`} before`);
    else expect(row["reason"]).toMatch(/^(popular|goes with what was bought)$/);
  }
});

test.each(["lifetime", "pareto"])("%s: bands are fifths by value, A the most, and bounds enclose", async (name) => {
  const { labels } = await lab.mine(name, DAY);
  expect(labels.map((row) => Number(row["key"]))).toEqual([...salesOf.keys()]);
  const values = labels.map((row) => Number(row["value"]));
  for (const row of labels) {
    const band = partOf(Number(row["value"]), values, 5, (a, b) => a < b);
    expect(row["value_band"]).toBe(at(["E", "D", "C", "B", "A"], band - 1));
    expect(Number(row["purchases_low"])).toBeLessThanOrEqual(Number(row["purchases_high"]));
    expect(Number(row["value_low"])).toBeLessThanOrEqual(Number(row["value_high"]));
    expect(Number(row["alive"])).toBeGreaterThanOrEqual(0);
    expect(Number(row["alive"])).toBeLessThanOrEqual(1);
  }
});

test("a lifetime's chance of being there follows from its parameters and history (Fader, Hardie and Lee 2005)", async () => {
  const { labels, report } = await lab.mine("lifetime", DAY);
  const [r, alpha, a, b] = ["r", "alpha", "a", "b"].map((name) => Number(report.parameters[name])) as [
    number,
    number,
    number,
    number,
  ];
  const weeks = (days: number): number => days / 7;
  const alive = labelsBy({ labels } as Mined, "alive");
  for (const [key, rows] of salesOf) {
    const days = purchaseDays(rows);
    const [x, tx, T] = [days.length - 1, weeks(last(days) - first(days)), weeks(TODAY - first(days))];
    const odds = x === 0 ? 0 : (a / (b + x - 1)) * ((alpha + T) / (alpha + tx)) ** (r + x);
    expect(Number(alive.get(key))).toBeCloseTo(1 / (1 + odds), 3);
  }
});
