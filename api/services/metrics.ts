/** Counters and histograms in the Prometheus text format. */

/** Upper bounds of the histograms, in seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface Metrics {
  /** Counts a request. @param route the route's pattern; paths would make one series per customer */
  request(method: string, route: string, status: number, seconds: number): void;
  query(outcome: "computed" | "cached" | "failed", seconds: number): void;
  /** All metrics as text. @param gauges values of this moment by name */
  print(gauges: { readonly [name: string]: number }): string;
}

const escape = (text: string): string => text.replace(/[\\"\n]/g, (c) => (c === "\n" ? "\\n" : `\\${c}`));

const counter = (name: string, help: string) => {
  const values = new Map<string, number>();
  return {
    add: (labels: string): void => void values.set(labels, (values.get(labels) ?? 0) + 1),
    lines: (): string[] => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} counter`,
      ...[...values].map(([labels, count]) => `${name}{${labels}} ${count}`),
    ],
  };
};

const histogram = (name: string, help: string) => {
  const buckets = new Map(BOUNDS.map((bound) => [bound, 0]));
  let sum = 0;
  let count = 0;
  return {
    observe(seconds: number): void {
      for (const [bound, found] of buckets) if (seconds <= bound) buckets.set(bound, found + 1);
      sum += seconds;
      count++;
    },
    lines: (): string[] => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} histogram`,
      ...[...buckets].map(([bound, found]) => `${name}_bucket{le="${bound}"} ${found}`),
      `${name}_bucket{le="+Inf"} ${count}`,
      `${name}_sum ${sum}`,
      `${name}_count ${count}`,
    ],
  };
};

export const metrics = (): Metrics => {
  const requests = counter("tessera_http_requests_total", "Requests answered.");
  const requestSeconds = histogram("tessera_http_request_seconds", "Time to answer a request.");
  const queries = counter("tessera_queries_total", "Queries by outcome.");
  const querySeconds = histogram("tessera_query_seconds", "Time a computed query took.");
  return {
    request(method, route, status, seconds) {
      requests.add(`method="${escape(method)}",route="${escape(route)}",status="${status}"`);
      requestSeconds.observe(seconds);
    },
    query(outcome, seconds) {
      queries.add(`outcome="${outcome}"`);
      if (outcome !== "cached") querySeconds.observe(seconds);
    },
    print: (gauges) =>
      [
        ...[requests, requestSeconds, queries, querySeconds].flatMap((each) => each.lines()),
        ...Object.entries(gauges).flatMap(([name, value]) => [`# TYPE ${name} gauge`, `${name} ${value}`]),
        "",
      ].join("\n"),
  };
};
