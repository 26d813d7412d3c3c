/** Names clusters by their most distinctive features, for example "High revenue, low return rate". */
import { required } from "../../lookup.ts";
import type { Clustering } from "./kmeans.ts";
import type { Prepared } from "./prepare.ts";

/** A feature distinguishes a cluster whose centre is at least this many standard deviations from the mean. */
const DISTINCT = 0.4;
const MOST_FEATURES = 2;

/** One name a cluster, from the two features in which its centre is farthest from the mean; equal names get numbers. */
export function nameClusters(
  { centres }: Pick<Clustering, "centres">,
  { columns }: Prepared,
  titles: ReadonlyMap<string, string>,
): string[] {
  const names: string[] = [];
  for (let c = 0; c < centres.rows; c++) {
    const distinct = columns
      .map(({ name }, j) => ({ title: required(titles, name, "title of").toLowerCase(), z: centres.get(c, j) }))
      .sort((a, b) => Math.abs(b.z) - Math.abs(a.z))
      .filter(({ z }) => Math.abs(z) >= DISTINCT)
      .slice(0, MOST_FEATURES);
    const words = distinct.map(({ title, z }) => `${z > 0 ? "high" : "low"} ${title}`).join(", ");
    const name = words === "" ? "Average in all features" : words.charAt(0).toUpperCase() + words.slice(1);
    names.push(names.includes(name) ? `${name} (${c + 1})` : name);
  }
  return names;
}
