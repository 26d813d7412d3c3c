/**
 * The names of RFM cells: recency score across, frequency and money together down (after the usual ten-segment map).
 */
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
export type RfmSegment = (typeof RFM_SEGMENTS)[number];

/** @param recency 1 to 5; @param value the mean of the frequency and money scores, rounded half up, 1 to 5 */
export function rfmSegment(recency: number, value: number): RfmSegment {
  if (recency === 5) return value >= 4 ? "Champions" : value >= 2 ? "Potential loyalists" : "New customers";
  if (recency === 4) return value >= 4 ? "Loyal" : value >= 2 ? "Potential loyalists" : "Promising";
  if (recency === 3) return value >= 4 ? "Loyal" : value === 3 ? "Need attention" : "About to sleep";
  return value === 5 ? "Can't lose them" : value >= 3 ? "At risk" : "Hibernating";
}

/** The same map as an SQL expression over the scores `r`, `f`, `m`. */
export function segmentSql(): string {
  const cells: string[] = [];
  for (let r = 1; r <= 5; r++)
    for (let v = 1; v <= 5; v++) cells.push(`WHEN ${r * 10 + v} THEN '${rfmSegment(r, v).replaceAll("'", "''")}'`);
  return `CASE r * 10 + (f + m + 1) // 2 ${cells.join(" ")} END`;
}
