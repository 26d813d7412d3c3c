/** The names of RFM cells, after the usual ten-segment map: recency against frequency and monetary value together. */

/** The segments, the most valuable first. */
export const RFM_SEGMENTS = [
  "Champions",
  "Loyal",
  "Potential loyalists",
  "New customers",
  "Promising",
  "Need attention",
  "About to sleep",
  "At risk",
  "Can't lose them",
  "Hibernating",
] as const;
/** The name of a segment. */
export type RfmSegment = (typeof RFM_SEGMENTS)[number];

/** @param recency 1 to 5; @param value mean of the frequency and monetary scores, rounded half up, 1 to 5 */
export function rfmSegment(recency: number, value: number): RfmSegment {
  if (recency <= 2) {
    if (value === 5) return "Can't lose them";
    return value >= 3 ? "At risk" : "Hibernating";
  }
  if (recency === 3) {
    if (value >= 4) return "Loyal";
    return value === 3 ? "Need attention" : "About to sleep";
  }
  if (value >= 4) return recency === 5 ? "Champions" : "Loyal";
  if (value >= 2) return "Potential loyalists";
  return recency === 5 ? "New customers" : "Promising";
}

/** The same map as an SQL expression over the scores `r`, `f` and `m`. */
export function segmentSql(): string {
  const cells: string[] = [];
  for (let r = 1; r <= 5; r++)
    for (let v = 1; v <= 5; v++) cells.push(`WHEN ${r * 10 + v} THEN '${rfmSegment(r, v).replaceAll("'", "''")}'`);
  return `CASE r * 10 + (f + m + 1) // 2 ${cells.join(" ")} END`;
}
