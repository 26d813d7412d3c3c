/** Texts of the customer pages. */
import { counted, number } from "./forms.ts";

export const customers = {
  title: "Customers",
  foundBy: (fields: string) => `Search by ${fields}.`,
  placeholder: "Name, number, e-mail, phone",
  searchLabel: "Search customers",
  find: "Find",
  nobody: "No customer found",
  nobodyHint: (search: string) =>
    `No customer has all of “${search}”. Try part of a name, or the last digits of a phone number.`,
  firstShown: (count: number) => `the first ${number(count)}: type more to narrow the search`,
  found: (count: number) => `${number(count)} found`,
  findAnother: "Find another customer",
  profile: "Profile",
  labels: "Mined labels",
  timeline: "Timeline",
  newestFirst: "newest first",
  byQuarter: (measure: string) => `${measure} by quarter`,
  rows: (count: number) => counted(count, "row", "rows"),
  moreThan: (rows: string) => `more than ${rows}`,
  newest: (rows: string, count: number) => `${rows}, the newest ${count}`,
};
