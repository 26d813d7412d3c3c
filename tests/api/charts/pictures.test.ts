/** Pictures of fixed data, compared with what they were, to a tenth of a pixel. */
import { describe, expect, test } from "vitest";
import { bridgeSvg, chartSvg, curveSvg, flowSvg, sparkline, type ChartSpec } from "../../../api/charts/index.ts";
import type { Column, Row } from "../../../engine/model/query.ts";
import { sameAsBefore } from "../support/golden.ts";

const column = (name: string, kind: "dimension" | "measure", more: Partial<Column> = {}): Column => ({
  name,
  kind,
  type: kind === "measure" ? "number" : "string",
  title: name,
  ...more,
});
const revenue = column("revenue", "measure", { title: "Revenue", format: "currency", currency: "EUR" });
const cost = column("cost", "measure", { title: "Cost", format: "currency", currency: "EUR" });
const rate = column("rate", "measure", { title: "Rate", format: "percent" });
const month = column("date.month", "dimension", { title: "Month", type: "date", level: "month" });
const country = column("country", "dimension", { title: "Country" });
const COUNTRIES = ["Germany", "France", null, "Poland", "A country with a rather long name"];

/** One element a line. */
const drawn = (svg: string): string[] =>
  svg.replaceAll(/-?\d+\.\d+(e-?\d+)?/g, (number) => String(Math.round(Number(number) * 10) / 10)).split(/(?<=>)(?=<)/);

const byCountry: Row[] = COUNTRIES.map((name, i) => ({
  country: name,
  revenue: [120.5, -30, 0, 999_999, null][i] ?? null,
  cost: 10 + 7 * i,
  rate: i / 7,
}));
const byMonth: Row[] = Array.from({ length: 30 }, (_, i) => ({
  "date.month": new Date(Date.UTC(2023, 10 + i, 1)).toISOString().slice(0, 10),
  revenue: i === 7 ? null : 100 + ((i * 37) % 50) - (i === 20 ? 200 : 0),
  cost: 40 + i,
  rate: i / 30,
}));
const crossed: Row[] = byMonth
  .slice(0, 8)
  .flatMap((row, i) =>
    COUNTRIES.slice(0, 4).map((name, c) => ({ ...row, country: name, revenue: i === c ? null : 10 * i + c * c * 3 })),
  );
const CHARTS: Readonly<Record<string, ChartSpec>> = {
  bars: { kind: "bar", title: "Bars", columns: [country, revenue], rows: byCountry, x: "country", y: ["revenue"] },
  "bars-of-two": {
    kind: "bar",
    title: "Two",
    columns: [country, revenue, cost],
    rows: byCountry,
    x: "country",
    y: ["revenue", "cost"],
  },
  "bars-with-links": {
    kind: "bar",
    title: "Links",
    columns: [country, cost],
    rows: byCountry,
    x: "country",
    y: ["cost"],
    links: ["/a", null, "/c?d=1&e=2", "/d", null],
    most: 3,
  },
  "bars-over-time": {
    kind: "bar",
    title: "Months",
    columns: [month, revenue],
    rows: byMonth,
    x: "date.month",
    y: ["revenue"],
  },
  "bars-of-one-value": {
    kind: "bar",
    title: "One",
    columns: [country, cost],
    rows: [{ country: "Germany", cost: 0 }],
    x: "country",
    y: ["cost"],
  },
  "grouped-bars": {
    kind: "bar",
    title: "Grouped",
    columns: [month, country, revenue],
    rows: crossed,
    x: "date.month",
    y: ["revenue"],
    series: "country",
  },
  "grouped-by-country": {
    kind: "bar",
    title: "Grouped",
    columns: [country, month, revenue],
    rows: crossed,
    x: "country",
    y: ["revenue"],
    series: "date.month",
  },
  stacked: {
    kind: "stacked_bar",
    title: "Stacked",
    columns: [month, country, revenue],
    rows: crossed,
    x: "date.month",
    y: ["revenue"],
    series: "country",
  },
  "stacked-across": {
    kind: "stacked_bar",
    title: "Stacked",
    columns: [country, month, revenue],
    rows: crossed,
    x: "country",
    y: ["revenue"],
    series: "date.month",
  },
  lines: {
    kind: "line",
    title: "Lines",
    columns: [month, revenue, cost],
    rows: byMonth,
    x: "date.month",
    y: ["revenue", "cost"],
  },
  "line-of-shares": {
    kind: "line",
    title: "Shares",
    columns: [month, rate],
    rows: byMonth,
    x: "date.month",
    y: ["rate"],
  },
  "lines-by-country": {
    kind: "line",
    title: "By country",
    columns: [month, country, revenue],
    rows: crossed,
    x: "date.month",
    y: ["revenue"],
    series: "country",
  },
  area: {
    kind: "area",
    title: "Area",
    columns: [month, country, revenue],
    rows: crossed,
    x: "date.month",
    y: ["revenue"],
    series: "country",
  },
  heatmap: {
    kind: "heatmap",
    title: "Heat",
    columns: [month, country, revenue],
    rows: crossed,
    x: "date.month",
    y: ["revenue"],
    series: "country",
  },
  scatter: {
    kind: "scatter",
    title: "Dots",
    columns: [country, revenue, cost],
    rows: byCountry,
    x: "country",
    y: ["cost", "rate"].slice(0, 1).concat("revenue"),
  },
  "scatter-of-shares": {
    kind: "scatter",
    title: "Dots",
    columns: [country, rate, cost],
    rows: byCountry,
    x: "country",
    y: ["rate", "cost"],
  },
};

describe("a picture is what it was:", () => {
  test.each(Object.entries(CHARTS))("%s, wide and narrow", (name, spec) => {
    const lines = [720, 320].flatMap((width) => [`width ${width}`, ...drawn(chartSvg(spec, { width }))]);
    expect(lines.join("")).not.toContain("NaN");
    sameAsBefore(`picture-${name}`, "(none)", lines);
  });

  const from = column("from", "dimension"),
    to = column("to", "dimension"),
    n = column("n", "measure", { format: "integer" });
  test("a flow", () => {
    const rows = [
      ["1 · send", "2 · open", 50],
      ["1 · send", "2 · (end)", 30],
      ["1 · visit", "2 · open", 5],
      ["2 · open", "3 · click", 20],
      ["2 · open", "3 · (end)", 35],
      ["3 · click", "4 · visit", 0],
    ].map(([a, b, value]) => ({ from: String(a), to: String(b), n: Number(value) }));
    const svg = flowSvg(
      { title: "Flow", columns: [from, to, n], rows, plot: { kind: "flow", from: "from", to: "to", value: "n" } },
      { width: 600 },
    );
    sameAsBefore("picture-flow", "(none)", drawn(svg));
  });
  test("a bridge of contributions", () => {
    const rows = [
      ["North", 30],
      ["South", -50],
      ["(rest)", 5],
    ].map(([step, value]) => ({ from: String(step), n: Number(value) }));
    const svg = bridgeSvg(
      {
        title: "Bridge",
        columns: [from, n],
        rows,
        plot: { kind: "bridge", step: "from", value: "n", from: 100, until: 85 },
      },
      { width: 500 },
    );
    sameAsBefore("picture-bridge", "(none)", drawn(svg));
  });
  test("curves with a band, steps, a diagonal and a mark", () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({
      x: i * 10,
      n: 100 - i * i,
      low: 90 - i * i,
      high: i === 3 ? null : 110 - i * i,
      from: i % 2 ? "a" : "b",
    }));
    const x = column("x", "measure", { format: "integer" });
    const columns = [x, n, column("low", "measure"), column("high", "measure"), from];
    const lines = [
      curveSvg(
        {
          title: "Band",
          columns,
          rows,
          plot: { kind: "curve", x: "x", y: ["n"], band: ["low", "high"], mark: { at: 40, words: "best: 40" } },
        },
        { width: 500 },
      ),
      curveSvg(
        { title: "Steps", columns, rows, plot: { kind: "curve", x: "x", y: ["n"], series: "from", step: true } },
        { width: 400 },
      ),
      curveSvg(
        { title: "Two", columns, rows, plot: { kind: "curve", x: "x", y: ["n", "low"], diagonal: true } },
        { width: 300 },
      ),
    ].flatMap(drawn);
    sameAsBefore("picture-curves", "(none)", lines);
  });
  test("a sparkline", () => {
    sameAsBefore(
      "picture-sparkline",
      "(none)",
      drawn(sparkline([3, 1, null, 4, 1, 5, 9, 2, 6], { width: 120, height: 32, label: "Sales" }, [2, 2, 3, 8])),
    );
  });
});
