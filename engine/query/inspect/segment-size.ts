/** How many members of a dimension pass a rule, of how many. */
import { TesseraError } from "../../errors/index.ts";
import type { Catalog } from "../../model/catalog.ts";
import type { Filter } from "../../model/filter.ts";
import type { Select } from "../../sql/tree.ts";
import { ask, type RunOptions } from "../../warehouse/serving.ts";
import type { Engine } from "../answer/engine.ts";
import { compileSegment } from "../plan/segment.ts";

/** A rule over a dimension that is not stored as a segment. */
export interface SegmentRule {
  readonly over: string;
  readonly filters: readonly Filter[];
}
/** The members that pass, of all. */
export interface SegmentSize {
  readonly members: number;
  readonly of: number;
}

/** A name that no segment of a project can have: those are words. */
const NAME = "(rule)";

/** Counts by the same rules as a stored segment. @throws TesseraError for an invalid rule */
export async function segmentSize(engine: Engine, rule: SegmentRule, options: RunOptions = {}): Promise<SegmentSize> {
  if (typeof rule?.over !== "string" || !Array.isArray(rule.filters))
    throw new TesseraError("query-invalid", "a rule has `over`, a dimension, and `filters`", {
      remedy: '{ "over": "customer", "filters": [] }',
    });
  const count = async (filters: readonly Filter[]): Promise<number> => {
    const keys = ruleKeys(engine, { over: rule.over, filters });
    const select: Select = {
      t: "select",
      columns: [{ expr: { t: "aggregate", name: "count", of: null, filter: null }, as: "n" }],
      from: { t: "select", select: { ...keys, distinct: true }, as: "members" },
    };
    const read = await ask(engine.serving, select, options);
    return Number(read.columns[0]?.[0]);
  };
  const [members, of] = await Promise.all([count(rule.filters), count([])]);
  return { members, of };
}

/** The keys of the members that pass a rule, as one column `k`. @throws TesseraError for an invalid rule */
export function ruleKeys(engine: Engine, { over, filters }: SegmentRule, now = engine.now()): Select {
  const { resolve, plan } = engine.context("as_is", null, now);
  const segments = [
    ...(engine.catalog.project.segments ?? []),
    { kind: "segment" as const, name: NAME, over, filters },
  ];
  const catalog: Catalog = { ...engine.catalog, project: { ...engine.catalog.project, segments } };
  return compileSegment(NAME, { ...resolve, catalog }, plan);
}
