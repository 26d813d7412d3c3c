/**
 * Colours by role. Charts name them as CSS variables, so one picture serves light and dark;
 * `resolveColours` replaces them in files.
 * The eight series colours stay apart under protanopia, deuteranopia and tritanopia (tested).
 */
export type Theme = "light" | "dark";

/** How many series have a colour of their own; the rest are grey. */
export const SERIES = 8;

/** Steps of the heat scale. */
export const HEAT_STEPS = 7;

/** The colour of a number in a cell, for each step: readable (4.5 to 1) on its ground. */
const heatInk = (from: number, below: string, above: string): { readonly [variable: string]: string } =>
  Object.fromEntries(Array.from({ length: HEAT_STEPS }, (_, i) => [`--heat-ink-${i}`, i < from ? below : above]));

export const PALETTE: { readonly [theme in Theme]: { readonly [variable: string]: string } } = {
  light: {
    "--series-1": "#3358d4",
    "--series-2": "#e38a00",
    "--series-3": "#0a9b83",
    "--series-4": "#c04a98",
    "--series-5": "#62b4ec",
    "--series-6": "#8a3a12",
    "--series-7": "#7a6fd0",
    "--series-8": "#565c66",
    "--series-rest": "#b9b5ae",
    "--previous": "#a8a29e",
    "--chart-ink": "#1c1917",
    "--chart-ink-2": "#6b6560",
    "--chart-grid": "#eceae7",
    "--chart-axis": "#d6d3d1",
    "--chart-surface": "#ffffff",
    "--heat-0": "#eef2ff",
    "--heat-1": "#d9e1fd",
    "--heat-2": "#b9c8fa",
    "--heat-3": "#93aaf4",
    "--heat-4": "#6c89ea",
    "--heat-5": "#4868da",
    "--heat-6": "#2c48b4",
    ...heatInk(5, "#1c1917", "#ffffff"),
  },
  dark: {
    "--series-1": "#7c9bff",
    "--series-2": "#f2a93b",
    "--series-3": "#2fc3a7",
    "--series-4": "#e585c3",
    "--series-5": "#a5d8fb",
    "--series-6": "#c96b3f",
    "--series-7": "#b6aef2",
    "--series-8": "#848b98",
    "--series-rest": "#55555c",
    "--previous": "#71717a",
    "--chart-ink": "#f4f4f5",
    "--chart-ink-2": "#a1a1aa",
    "--chart-grid": "#26262b",
    "--chart-axis": "#3f3f46",
    "--chart-surface": "#17171a",
    "--heat-0": "#1b2138",
    "--heat-1": "#202a52",
    "--heat-2": "#283871",
    "--heat-3": "#334993",
    "--heat-4": "#445fb9",
    "--heat-5": "#6280dd",
    "--heat-6": "#94aefb",
    ...heatInk(5, "#f4f4f5", "#0b0b10"),
  },
};

/** CSS colour of the nth series, from 0. */
export const seriesColour = (index: number): string =>
  index < SERIES ? `var(--series-${index + 1})` : "var(--series-rest)";

/** Replaces every colour variable by the theme's own value, for pictures that leave the page (reports, PDF, PNG). */
export const resolveColours = (svg: string, theme: Theme): string =>
  svg.replace(/var\((--[a-z0-9-]+)\)/g, (whole, name: string) => PALETTE[theme][name] ?? whole);

/** The palette as CSS custom properties, light by default and dark by preference. */
export const paletteCss = (): string => {
  const block = (theme: Theme): string =>
    Object.entries(PALETTE[theme])
      .map(([name, value]) => `${name}:${value}`)
      .join(";");
  const light = `:root{${block("light")}}`;
  return `${light}@media (prefers-color-scheme:dark){:root{${block("dark")}}}@media print{${light}}`;
};
