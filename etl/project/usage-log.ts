/** The query log of an open project, written in batches so that no answer waits for it. */
import { existsSync } from "node:fs";
import type { Query } from "../../engine/model/query.ts";
import type { Filter } from "../../engine/model/filter.ts";
import { immediately, logUsage, openState, type UsageEntry } from "../../engine/warehouse/index.ts";

export interface UsageLog {
  add(entry: UsageEntry): void;
  /** writes what is waiting, and ends */
  close(): void;
}

const EVERY = 1000;
/** What is waiting is bounded: a log must not fill the memory of a server whose disk is full. */
const MOST = 10_000;

/** @param warehouse its folder; a project that was never loaded has no state, and nothing is logged */
export function openUsageLog(warehouse: string): UsageLog {
  let waiting: UsageEntry[] = [];
  let told = false;
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
      // a state that is busy or read-only must not fail the answers
      if (!told)
        process.emitWarning(
          `questions are answered but not noted: ${error instanceof Error ? error.message : String(error)}`,
          { detail: `the query log is in the state of ${warehouse}` },
        );
      told = true;
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

/** The members that a query names, each once; never the values of its filters. */
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
    for (const m of query.measures) text(typeof m === "string" ? m : (m as { formula?: unknown })?.formula);
  if (Array.isArray(query?.dimensions)) query.dimensions.forEach(text);
  if (Array.isArray(query?.filters)) query.filters.forEach(walk);
  return [...found];
}
