/** Parsed queries and plans, kept by how recently they were asked for. */
import { LRUCache } from "lru-cache";
import type { Query } from "../../model/query.ts";
import type { Day } from "../../model/time/calendar.ts";
import { parseQuery } from "../language/parse-query.ts";
import { compileQuery } from "../plan/compile.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";
import { resolveQuery } from "../resolve/resolve.ts";
import type { Engine, Prepared } from "./engine.ts";

/** Queries that are kept parsed and planned, for each role of a version. */
export const PLANS_KEPT = 500;

/** The plans of one role of a version. */
export class Plans {
  readonly #context: Engine["context"];
  readonly #now: () => Day;
  readonly #parsed = new LRUCache<string, Query>({ max: PLANS_KEPT });
  readonly #prepared = new LRUCache<string, Prepared>({ max: PLANS_KEPT });

  constructor(context: Engine["context"], now: () => Day) {
    this.#context = context;
    this.#now = now;
  }

  /** The parsed query; the shape of one that is kept is known to be right. @throws TesseraError `query-invalid` */
  parse(json: unknown): Query {
    let text: string;
    try {
      text = JSON.stringify(json) ?? "";
    } catch {
      return parseQuery(json); // too deep even to print: refused there
    }
    return this.#parse(text, json);
  }

  #parse(text: string, json: unknown): Query {
    const known = this.#parsed.get(text);
    if (known) return known;
    const query = parseQuery(json);
    this.#parsed.set(text, query);
    return query;
  }

  /** The plan of a query, today. @throws TesseraError for anything wrong with the query */
  prepare(query: unknown): Prepared {
    const today = this.#now();
    const text = JSON.stringify(query);
    const key = `${today}|${text}`;
    const known = this.#prepared.get(key);
    if (known) return known;
    const made = this.compile(resolveQuery(this.#parse(text, query), this.#context("as_is", null, today).resolve));
    this.#prepared.set(key, made);
    return made;
  }

  /** The plan of a resolved query; not kept. */
  compile(resolved: ResolvedQuery): Prepared {
    const { plan } = this.#context(resolved.history, resolved.timeZone, resolved.now);
    const compiled = compileQuery(resolved, plan);
    return { resolved, compiled, printed: plan.print(compiled.select) };
  }
}
