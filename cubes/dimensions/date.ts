import { defineDateDimension } from "../../engine/index.ts";

const years = [2023, 2024, 2025] as const;
const fixed = [
  ["01-01", "New Year"],
  ["05-01", "Labour Day"],
  ["10-03", "Day of German Unity"],
  ["12-25", "Christmas Day"],
  ["12-26", "Boxing Day"],
] as const;
const easter = {
  2023: ["2023-04-07", "2023-04-10"],
  2024: ["2024-03-29", "2024-04-01"],
  2025: ["2025-04-18", "2025-04-21"],
} as const;

export const date = defineDateDimension({
  name: "date",
  title: "Date",
  description: "The calendar: weeks begin on Monday, the fiscal year on 1 April.",
  from: "2023-01-01",
  until: "2025-12-31",
  timeZone: "Europe/Berlin",
  weekStart: "monday",
  fiscalYearStart: 4,
  holidays: years.flatMap((year) => [
    ...fixed.map(([day, name]) => ({ on: `${year}-${day}`, name })),
    { on: easter[year][0], name: "Good Friday" },
    { on: easter[year][1], name: "Easter Monday" },
  ]),
});
