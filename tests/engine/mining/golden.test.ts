import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  allocate,
  drawCampaign,
  evaluateExperiment,
  expectedBands,
  goalOutlook,
} from "../../../engine/mining/index.ts";
import { TECHNIQUES } from "../../../engine/mining/techniques.ts";
import { LAB_MODELS, labRows, ofMembers, openLab, upTo, type Lab } from "./_lab.ts";
import { linesOf, minedLines } from "./_text.ts";

const DAY = "2025-03-30";
const FOLDER = fileURLToPath(new URL("golden", import.meta.url));
const UPDATE = process.env["TESSERA_GOLDEN"] === "update";
/** what was known on the day, and all that came later too; few members are enough for most techniques, and quicker */
let then: Lab, now: Lab, thenLarge: Lab, nowLarge: Lab;
beforeAll(async () => {
  const large = labRows();
  const small = ofMembers(large, 400);
  then = await openLab(upTo(small, DAY));
  now = await openLab(small);
  thenLarge = await openLab(upTo(large, DAY));
  nowLarge = await openLab(large);
});
afterAll(async () => {
  for (const lab of [then, now, thenLarge, nowLarge]) await lab.close();
});

function sameAsBefore(name: string, lines: readonly string[]): void {
  const path = `${FOLDER}/${name}.txt`;
  const text = `${lines.join("\n")}\n`;
  if (UPDATE) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path), `no ${path}: write it with TESSERA_GOLDEN=update`).toBe(true);
  expect(text).toBe(readFileSync(path, "utf8"));
}

/** these need hundreds who did and hundreds who did not */
const LARGE: ReadonlySet<string> = new Set(["churn", "boosted", "answers", "moved"]);

test("has facts of every kind after the day, and a model of every technique", () => {
  const all = labRows();
  const before = upTo(all, DAY);
  for (const kind of ["sales", "touches", "mailings"] as const)
    expect(all[kind].length - before[kind].length, kind).toBeGreaterThan(500);
  expect(LAB_MODELS.map(({ technique }) => technique).sort()).toEqual(Object.keys(TECHNIQUES).sort());
});

describe("of a day, with later facts in the warehouse or without,", () => {
  test.each(LAB_MODELS.map(({ technique, name }) => [technique, name]))(
    "%s finds and writes the same, to six digits what it did before",
    async (_, name) => {
      const [cut, whole] = LARGE.has(name) ? [thenLarge, nowLarge] : [then, now];
      const known = minedLines(await cut.mine(name, DAY));
      expect(minedLines(await whole.mine(name, DAY))).toEqual(known);
      sameAsBefore(name, known);
    },
  );

  test("a model differs from that of a later day, so that the comparison could fail", async () => {
    for (const name of ["rfm", "kinds", "ways", "together", "credit", "why"])
      expect(minedLines(await now.mine(name, "2025-07-31")), name).not.toEqual(minedLines(await now.mine(name, DAY)));
  });

  test.each([
    ["churn", "score"],
    ["boosted", "score"],
    ["answers", "score"],
    ["moved", "uplift"],
  ])("%s sorts members into tenths by the %s, the first tenth the highest", async (name, output) => {
    const { labels } = await thenLarge.mine(name, DAY);
    const scores = labels.map((row) => Number(row[output]));
    for (const [i, row] of labels.entries()) {
      const above = scores.filter((score) => score > Number(scores[i])).length;
      expect(row["decile"]).toBe(1 + Math.min(9, Math.floor((10 * above) / labels.length)));
    }
    expect(new Set(labels.map((row) => row["decile"])).size).toBeGreaterThan(7);
  });

  test("churn scores the members who bought in the days before, and no others", async () => {
    const active = await thenLarge.rows(
      `SELECT customer FROM sales GROUP BY customer HAVING max(day) > DATE '${DAY}' - 40 ORDER BY customer`,
    );
    expect(active.length).toBeGreaterThan(300);
    for (const name of ["churn", "boosted"])
      expect((await thenLarge.mine(name, DAY)).labels.map((row) => Number(row["key"]))).toEqual(
        active.map((row) => Number(row["customer"])),
      );
  });

  test("drivers refuse a period that has not begun", async () => {
    await expect(now.mine("why", "2024-10-31")).rejects.toMatchObject({
      code: "too-little-data",
      message: expect.stringContaining("begins after 2024-10-31"),
    });
  });
});

describe("finds what it did before, to six digits:", () => {
  test("the outlook of goals: an amount by months and by days, a ratio, less is better", async () => {
    const { engine } = then;
    const goals = [
      { measure: "sales.revenue", period: "2025", target: 30_000 },
      { measure: "sales.revenue", period: ["2025-03-01", "2025-04-15"], target: 4000 },
      { measure: "sales.average_line", period: "2025", target: 24.9 },
      { measure: "touches.touches", period: "2025", target: 1500, down: true },
      { measure: "sales.revenue", period: "2024", target: 1 },
    ] as const;
    const lines: string[] = [];
    for (const goal of goals)
      lines.push(`${JSON.stringify(goal)}:`, ...linesOf(await goalOutlook(engine, goal)).map((line) => `  ${line}`));
    sameAsBefore("goal-outlook", lines);
  });

  test("the bands of weeks", async () => {
    sameAsBefore(
      "expected-bands",
      linesOf(await expectedBands(then.engine, { measure: "sales.revenue", period: "week", last: 20 })),
    );
  });

  test("an experiment with a covariate, and one for each region", async () => {
    const request = {
      cube: "mailings",
      treated: "mailings.treated",
      outcomes: ["mailings.answers", "mailings.prior"],
      covariate: "mailings.prior",
      treatedShare: 0.7,
    };
    const found = [
      ...(await evaluateExperiment(thenLarge.engine, request)),
      ...(await evaluateExperiment(thenLarge.engine, { ...request, by: "customer.region", correction: "holm" })),
    ];
    sameAsBefore(
      "experiment",
      found.flatMap((verdict) => [...linesOf(verdict), ""]),
    );
  });

  test("a budget's split over channels", async () => {
    const found = await allocate(then.engine, {
      spend: "mailings_cost.spent",
      outcome: "sales.revenue",
      channel: "channel.name",
      period: "date.week",
      budget: 20,
    });
    sameAsBefore("allocation", linesOf(found));
  });

  test("a campaign: audience, contacts, control group, and what is scarce", async () => {
    const found = await drawCampaign(then.engine, {
      over: "customer",
      audience: [{ member: "customer.age", operator: "gt", values: [20] }],
      exclude: [{ member: "customer.region", operator: "equals", values: ["West"] }],
      value: { effect: 0.05, worth: "customer.age" },
      options: [
        { channel: "Letter", cost: 1, times: 1.5 },
        { channel: "Mail", offer: "Five off", cost: 0.2 },
        {
          channel: "Mail",
          cost: 0.1,
          times: 0.8,
          eligible: [{ member: "customer.age", operator: "lt", values: [60] }],
        },
      ],
      budget: 70,
      capacity: { Letter: 40, Mail: 150 },
      contacts: { measure: "touches.touches", days: 60, most: 3 },
      floors: { by: "customer.region", least: { North: 60 } },
      holdOut: 0.2,
      stratifyBy: ["customer.region"],
      windowDays: 30,
    });
    const { members, ...rest } = found;
    sameAsBefore("campaign", [
      ...linesOf(rest),
      `${members.length} members:`,
      ...linesOf({ first: members.slice(0, 25) }),
    ]);
  });
});
