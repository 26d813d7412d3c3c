/** The query log of an open project, written in batches so that answers do not wait for it. */
import { existsSync } from "node:fs";
import type { Query } from "../../engine/model/query.ts";
import type { Filter } from "../../engine/model/filter.ts";
import { immediately, logUsage, openState, type UsageEntry } from "../../engine/warehouse/index.ts";

/** Collects entries and writes them once a second. */
export interface UsageLog {
  /** adds an entry; entries beyond 10,000 waiting ones are dropped */
  add(entry: UsageEntry): void;
  /** writes the waiting entries and stops */
  close(): void;
}

const EVERY = 1000;
/** Most waiting entries: the log must not fill the memory of a server whose disk is full. */
const MOST = 10_000;

/**
 * Opens the log of a warehouse; before the first load there is no state, and nothing is logged.
 * @param warehouse its folder
 */
export function openUsageLog(warehouse: string): UsageLog {
  let waiting: UsageEntry[] = [];
  let warned = false;
  const flush = (): void => {
    if (waiting.length === 0 || !existsSync(warehouse)) return;
    const entries = waiting;
    waiting = [];
    try {
      const state = openState(warehouse);
      try {
        immediately(state, () => {
          for (const entry of entries) logUsage(state, entry);
        });
      } finally {
        state.close();
      }
    } catch (error) {
      // a busy or read-only state must not make answers fail
      if (!warned)
        process.emitWarning(
          `the query log cannot be written: ${error instanceof Error ? error.message : String(error)}`,
          { detail: `the query log is in the state of ${warehouse}` },
        );
      warned = true;
    }
  };
  const timer = setInterval(flush, EVERY);
  timer.unref();
  return {
    add: (entry) => {
      if (waiting.length < MOST) waiting.push({ at: new Date(), ...entry });
    },
    close: () => {
      clearInterval(timer);
      flush();
    },
  };
}

/** The members that a query names, without the values of its filters. */
export function membersOf(query: Partial<Query> | null | undefined): string[] {
  const found = new Set<string>();
  const text = (member: unknown): void => {
    if (typeof member === "string" && member.length <= 200) found.add(member);
  };
  const walk = (filter: Filter): void => {
    if (typeof filter !== "object" || filter === null) return;
    if ("and" in filter && Array.isArray(filter.and)) filter.and.forEach(walk);
    else if ("or" in filter && Array.isArray(filter.or)) filter.or.forEach(walk);
    else if ("not" in filter) walk(filter.not);
    else if ("segment" in filter) text(`segments.${filter.segment}`);
    else if ("member" in filter) text(filter.member);
  };
  if (Array.isArray(query?.measures))
    for (const measure of query.measures) text(typeof measure === "string" ? measure : measure?.formula);
  if (Array.isArray(query?.dimensions)) query.dimensions.forEach(text);
  if (Array.isArray(query?.filters)) query.filters.forEach(walk);
  return [...found];
}
