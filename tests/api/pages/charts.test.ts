import { describe, expect, test } from "vitest";
import {
  chartSvg,
  chooseChart,
  describeChart,
  formatCompact,
  formatDate,
  formatRange,
  formatValue,
  PALETTE,
  plotStyleSheet,
  sparkline,
} from "../../../api/charts/index.ts";
import { csv } from "../../../api/exports/csv.ts";
import { xlsx } from "../../../api/exports/xlsx.ts";
import { read } from "@e965/xlsx";
import type { Column, Row } from "../../../engine/model/query.ts";

const column = (name: string, kind: "dimension" | "measure", more: Partial<Column> = {}): Column => ({
  name,
  kind,
  type: kind === "measure" ? "number" : "string",
  title: name,
  ...more,
});
const revenue = column("revenue", "measure", { title: "Revenue", format: "currency", currency: "EUR" });
const rate = column("rate", "measure", { title: "Rate", format: "percent" });
const month = column("date.month", "dimension", { title: "Month", type: "date", level: "month" });
const country = column("country", "dimension", { title: "Country" });
const months = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => new Date(Date.UTC(2024, i, 1)).toISOString().slice(0, 10));

describe("formats", () => {
  test("a date is told by its level", () => {
    expect(
      ["year", "half", "quarter", "month", "day", "week", "fiscal_year", "fiscal_quarter"].map((level) =>
        formatDate("2025-07-01", level),
      ),
    ).toEqual(["2025", "H2 2025", "Q3 2025", "Jul 2025", "1 Jul 2025", "W27 2025", "FY 2025/26", "Jul–Sep 2025"]);
    expect(formatDate("2024-12-30", "week")).toBe("W01 2025");
    expect(["fiscal_period", "fiscal_quarter", "fiscal_year"].map((level) => formatDate("2025-01-26", level))).toEqual([
      "Period from 26 Jan 2025",
      "Quarter from 26 Jan 2025",
      "Year from 26 Jan 2025",
    ]);
  });
  test("a range is told in as few words as it needs", () => {
    expect([
      formatRange("2025-01-01", "2025-12-31"),
      formatRange("2025-01-01", "2025-03-31"),
      formatRange("2025-02-01", "2025-02-28"),
      formatRange("2024-03-03", "2025-04-09"),
      formatRange("2025-03-03", "2025-04-09"),
    ]).toEqual(["2025", "Jan – Mar 2025", "Feb 2025", "3 Mar 2024 – 9 Apr 2025", "3 Mar – 9 Apr 2025"]);
  });
  test("numbers follow their column", () => {
    expect(formatValue(1234.5, revenue)).toBe("€1,234.50");
    expect(formatValue(-0.1234, rate)).toBe("−12.3%");
    expect(formatCompact(1_234_567, revenue)).toBe("€1.23M");
    expect(formatValue(0.021, { ...rate, name: "rate.change" })).toBe("+2.1 pts");
    expect(formatValue(0.5, { ...revenue, name: "revenue.change_rate" })).toBe("+50.0%");
  });
  test("a null member is (unknown), a null measure a dash, and exact digits stay as they are", () => {
    expect(formatValue(null, country)).toBe("(unknown)");
    expect(formatValue(null, revenue)).toBe("–");
    expect(formatValue("9007199254740993", { ...revenue, type: "integer" })).toBe("9007199254740993");
  });
});

describe("the choice of a chart", () => {
  const choose = (columns: readonly Column[], rows: readonly Row[]) => chooseChart({ columns, rows }, "x")?.kind;
  test("time is a line, members are bars, two dimensions of an amount are stacks, of a rate a heat map", () => {
    expect(choose([month, revenue], [{ "date.month": "2025-01-01", revenue: 1 }])).toBe("line");
    expect(choose([country, revenue], [{ country: "DE", revenue: 1 }])).toBe("bar");
    expect(choose([country, column("tier", "dimension"), revenue], [{ country: "DE", tier: "Gold", revenue: 1 }])).toBe(
      "stacked_bar",
    );
    expect(choose([country, column("tier", "dimension"), rate], [{ country: "DE", tier: "Gold", rate: 1 }])).toBe(
      "heatmap",
    );
  });
  test("a number alone, or three dimensions, have none", () => {
    expect(choose([revenue], [{ revenue: 1 }])).toBeUndefined();
    expect(choose([country, column("a", "dimension"), column("b", "dimension"), revenue], [])).toBeUndefined();
  });
  test("what the columns do not allow becomes the nearest that they do", () => {
    expect(chooseChart({ columns: [country, revenue], rows: [] }, "x", "line")?.kind).toBe("bar");
    expect(chooseChart({ columns: [country, revenue], rows: [] }, "x", "heatmap")?.kind).toBe("bar");
    expect(chooseChart({ columns: [month, revenue], rows: [] }, "x", "scatter")?.kind).toBe("bar");
  });
});

describe("drawings", () => {
  const kinds = ["line", "area", "bar", "stacked_bar", "heatmap", "scatter"] as const;
  test("carry no style of their own, a name for those who do not see them, and links", () => {
    for (const kind of kinds) {
      const spec = chooseChart(
        {
          columns: kind === "scatter" ? [country, revenue, rate] : [country, column("tier", "dimension"), revenue],
          rows: [
            { country: "DE", tier: "Gold", revenue: 5, rate: 0.2 },
            { country: null, tier: "Basic", revenue: 3, rate: 0.1 },
          ],
        },
        "Revenue by country",
        kind,
      )!;
      const svg = chartSvg({ ...spec, links: ["/a?b=1&c=2", null] }, { width: 400 });
      expect(svg).not.toMatch(/<style|style=/);
      // a picture with links in it is a group of them; without, it is an image
      expect(svg).toContain('role="group"');
      expect(svg).toMatch(/<a aria-label="[^"]+\d/);
      expect(svg).not.toMatch(/<g[^>]* aria-label/);
      expect(chartSvg(spec, { width: 400 })).toContain('role="img"');
      expect(svg).toContain("Revenue by country");
      expect(svg).toContain("/a?b=1&amp;c=2");
    }
  });
  test("say (unknown) for a null member and draw the compared period muted", () => {
    const spec = chooseChart(
      {
        columns: [month, revenue, { ...revenue, name: "revenue.previous" }],
        rows: months(6).map((m, i) => ({ "date.month": m, revenue: i + 1, "revenue.previous": i })),
      },
      "x",
    )!;
    expect(chartSvg(spec, { width: 400 })).toContain("var(--previous)");
    expect(
      chartSvg(chooseChart({ columns: [country, revenue], rows: [{ country: null, revenue: 1 }] }, "x")!, {
        width: 400,
      }),
    ).toContain("(unknown)");
  });
  test("survive nulls, zeros, negatives, infinities, one row and text that is markup", () => {
    for (const kind of kinds) {
      for (const values of [[null, null], [0, 0], [-5, 3], [1e300, -1e300], [7]]) {
        const rows = values.map((v, i) => ({
          "date.month": months(2)[i]!,
          country: `<script>${i}`,
          tier: i ? null : "a",
          revenue: v,
          rate: v,
        }));
        for (const columns of [
          [month, revenue],
          [country, revenue],
          [country, column("tier", "dimension"), revenue],
          [month, country, rate],
          [country, revenue, rate],
        ]) {
          const spec = chooseChart({ columns, rows }, "x", kind);
          if (spec) expect(chartSvg(spec, { width: 300 })).not.toMatch(/NaN|<script>/);
        }
      }
    }
  });
  test("leave the page with fixed colours", () => {
    const spec = chooseChart({ columns: [country, revenue], rows: [{ country: "DE", revenue: 1 }] }, "x")!;
    expect(chartSvg(spec, { width: 300, theme: "dark" })).not.toContain("var(");
  });
  test("have one style sheet for all, so that the policy can name it", () => {
    expect(plotStyleSheet()).toContain("tessera-chart");
  });
  test("tell themselves in a sentence", () => {
    const spec = chooseChart(
      { columns: [month, revenue], rows: months(3).map((m, i) => ({ "date.month": m, revenue: 10 * (i + 1) })) },
      "Revenue by month",
    )!;
    expect(describeChart(spec)).toBe(
      "Revenue by month. Line chart, 3 values of Revenue from €10.00 (Jan 2024) to €30.00 (Mar 2024).",
    );
  });
  test("a sparkline needs two values and shows gaps", () => {
    expect(sparkline([1], { width: 90, height: 30, label: "x" })).toBe("");
    expect(sparkline([1, null, 3, 4], { width: 90, height: 30, label: "a<b" })).toContain("M");
  });
});

/** Brettel-like simulation by Machado's matrices of full deficiency, then distance in CIELAB. */
const SEEN = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const;
const lab = (hex: string, matrix: readonly (readonly number[])[]): number[] => {
  const linear = [1, 3, 5]
    .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const [r, g, b] = matrix.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, m, i) => sum + m * linear[i]!, 0),
      ),
    ),
  ) as [number, number, number];
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const [x, y, z] = [
    f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505),
    f(0.2126 * r + 0.7152 * g + 0.0722 * b),
    f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089),
  ] as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
};

test("the series' colours stay apart for every kind of colour vision", () => {
  for (const theme of ["light", "dark"] as const) {
    const colours = Array.from({ length: 8 }, (_, i) => PALETTE[theme][`--series-${i + 1}`]!);
    for (const [kind, matrix] of Object.entries(SEEN)) {
      const seen = colours.map((c) => lab(c, matrix));
      for (let i = 0; i < 8; i++)
        for (let j = 0; j < i; j++)
          expect(
            Math.hypot(...seen[i]!.map((v, k) => v - seen[j]![k]!)),
            `${theme} ${kind} ${i + 1} ${j + 1}`,
          ).toBeGreaterThan(10);
    }
  }
});

test("a workbook goes on with a next sheet where one is full", async () => {
  const rows = Array.from({ length: 25 }, (_, i) => ({ country: i === 0 ? "=1+1" : `c${i}`, revenue: i }));
  const book = read(
    await xlsx(
      {
        columns: [country, revenue],
        rows,
        meta: { elapsedMs: 0, warehouseVersion: 1, rollup: null, truncated: false },
      },
      { title: "A/B: test", sheetRows: 11, asOf: new Date(0) },
    ),
  );
  expect(book.SheetNames.map((name) => [name, book.Sheets[name]?.["!ref"]])).toEqual([
    ["A B  test", "A1:B11"],
    ["A B  test 2", "A1:B11"],
    ["A B  test 3", "A1:B6"],
  ]);
  expect(book.Sheets["A B  test"]?.["A2"]).toMatchObject({ t: "s", v: "'=1+1" });
});

test("CSV quotes what needs it", () => {
  expect(
    csv(
      {
        columns: [country, revenue],
        rows: [
          { country: 'a "b", c\nd', revenue: null },
          { country: "\t@x", revenue: -3 },
        ],
      },
      { raw: true },
    ),
  ).toBe('country,revenue\r\n"a ""b"", c\nd",\r\n\t@x,-3\r\n');
});

test("numbers in heat map cells can be read on every step, in light and dark", () => {
  const luminance = (hex: string): number => {
    const [r, g, b] = [1, 3, 5]
      .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const theme of ["light", "dark"] as const) {
    for (let step = 0; step < 7; step++) {
      const [a, b] = [luminance(PALETTE[theme][`--heat-${step}`]!), luminance(PALETTE[theme][`--heat-ink-${step}`]!)];
      expect((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), `${theme} ${step}`).toBeGreaterThan(4.5);
    }
  }
});
