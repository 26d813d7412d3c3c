/** Counters in the Prometheus text format. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface Metrics {
  /** a request by its route's pattern, never by its path */
  request(method: string, route: string, status: number, seconds: number): void;
  query(outcome: "computed" | "cached" | "failed", seconds: number): void;
  print(gauges: { readonly [name: string]: number }): string;
}

interface Histogram {
  readonly counts: number[];
  sum: number;
  count: number;
}
const histogram = (): Histogram => ({ counts: BUCKETS.map(() => 0), sum: 0, count: 0 });
const observe = (h: Histogram, seconds: number): void => {
  BUCKETS.forEach((bound, i) => {
    if (seconds <= bound) h.counts[i]!++;
  });
  h.sum += seconds;
  h.count++;
};
const escape = (text: string): string => text.replace(/[\\"\n]/g, (c) => (c === "\n" ? "\\n" : `\\${c}`));

export const metrics = (): Metrics => {
  const requests = new Map<string, number>();
  const seconds = histogram();
  const queries = new Map<string, number>();
  const querySeconds = histogram();
  const printed = (name: string, help: string, h: Histogram): string[] => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} histogram`,
    ...BUCKETS.map((bound, i) => `${name}_bucket{le="${bound}"} ${h.counts[i]}`),
    `${name}_bucket{le="+Inf"} ${h.count}`,
    `${name}_sum ${h.sum}`,
    `${name}_count ${h.count}`,
  ];
  return {
    request(method, route, status, took) {
      const key = `method="${escape(method)}",route="${escape(route)}",status="${status}"`;
      requests.set(key, (requests.get(key) ?? 0) + 1);
      observe(seconds, took);
    },
    query(outcome, took) {
      queries.set(outcome, (queries.get(outcome) ?? 0) + 1);
      if (outcome !== "cached") observe(querySeconds, took);
    },
    print(gauges) {
      return [
        "# HELP tessera_http_requests_total Requests answered.",
        "# TYPE tessera_http_requests_total counter",
        ...[...requests].map(([labels, n]) => `tessera_http_requests_total{${labels}} ${n}`),
        ...printed("tessera_http_request_seconds", "Time to answer a request.", seconds),
        "# HELP tessera_queries_total Queries by outcome.",
        "# TYPE tessera_queries_total counter",
        ...[...queries].map(([outcome, n]) => `tessera_queries_total{outcome="${outcome}"} ${n}`),
        ...printed("tessera_query_seconds", "Time a computed query took.", querySeconds),
        ...Object.entries(gauges).flatMap(([name, value]) => [`# TYPE ${name} gauge`, `${name} ${value}`]),
        "",
      ].join("\n");
    },
  };
};
