/** Questions to one data version, as the owner or as a role sees it: each with plans and cursors of its own. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { toIso } from "../../model/time/calendar.ts";
import type { Filter } from "../../model/filter.ts";
import { visibleCatalog } from "../../model/visible-catalog.ts";
import { printDuckdb } from "../../sql/print-duckdb.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { compileQuery } from "../plan/compile.ts";
import { resolveFilter } from "../resolve/condition.ts";
import { refsIn } from "../resolve/condition-parts.ts";
import { fingerprint, readCursor, writeCursor } from "./cursor.ts";
import type { Engine, Prepared, VersionFacts } from "./engine.ts";
import { onlyMeasure, overflowed } from "../binding/overflow.ts";
import { parseQuery } from "../language/parse-query.ts";
import type { Query, Result, Row } from "../../model/query.ts";
import { hull } from "../time/day-set.ts";
import { daysOfRole } from "../resolve/asked-days.ts";
import { resolveQuery } from "../resolve/resolve.ts";
import { type ResolveContext } from "../resolve/resolve-context.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";
import { assemble, resultColumns } from "./result.ts";
import { coverage } from "../scan/row-rules.ts";
import { compileSegment } from "../plan/segment.ts";
import { bestOf, keptBy, othersOf, rank, type Kept, type OthersQuestion } from "../plan/tops.ts";
import type { PlanContext } from "../plan/plan-context.ts";

const PLANS_KEPT = 500;

/** @param role null: the owner, who sees everything */
export function answering(facts: VersionFacts, role: string | null): Engine {
  const { catalog: whole, serving, now } = facts;
  const named = role === null ? undefined : facts.namedBy?.get(role);
  const binding = named ? Object.freeze({ ...facts.binding, named }) : facts.binding;
  const spec = role === null ? null : whole.project.roles![role]!;
  const catalog = spec === null ? whole : visibleCatalog(whole, spec, coverage(whole, spec));
  const context: Engine["context"] = (history, timeZone, at) => {
    const resolve: ResolveContext = {
      catalog,
      whole,
      binding,
      wholeBinding: facts.binding,
      now: at,
      ...(facts.maxRows !== undefined && { maxRows: facts.maxRows }),
    };
    const plan: PlanContext = {
      catalog: whole,
      visible: catalog,
      binding,
      history,
      timeZone,
      cells: new WeakMap(),
      spanOf: (cube, role) => facts.spanOf(cube, role, timeZone),
      rollups: facts.rollups,
      segmentKeys: (name) => compileSegment(name, { ...resolve, binding: facts.binding, catalog: whole }, plan),
      ruleSegment: (name) =>
        compileSegment(name, { ...resolve, binding: facts.binding, catalog: whole }, { ...plan, rules: [] }),
      rules: (spec?.rows ?? []).map((filter, i) =>
        resolveFilter(
          {
            catalog: whole,
            binding: facts.binding,
            now: at,
          },
          filter as Filter,
          `role ${role!} › rows[${i}]`,
        ),
      ),
    };
    return { resolve, plan };
  };

  const parsed = new Map<string, Query>();
  /** A question asked before is known to have the right shape. */
  const parse = (json: unknown): Query => {
    let text: string;
    try {
      text = JSON.stringify(json) ?? "";
    } catch {
      return parseQuery(json);
    } // too deep even to print: refused there
    const known = parsed.get(text);
    if (known) return known;
    const query = parseQuery(json);
    parsed.set(text, query);
    if (parsed.size > PLANS_KEPT) parsed.delete(parsed.keys().next().value!);
    return query;
  };
  const plans = new Map<string, Prepared>();
  const compile = (resolved: ResolvedQuery): Prepared => {
    const compiled = compileQuery(resolved, context(resolved.history, resolved.timeZone, resolved.now).plan);
    return { resolved, compiled, printed: printDuckdb(compiled.select) };
  };
  const prepare = (query: unknown): Prepared => {
    const today = now();
    const key = `${today}|${JSON.stringify(query)}`;
    const known = plans.get(key);
    if (known) return known;
    const made = compile(resolveQuery(parse(query), context("as_is", null, today).resolve));
    plans.set(key, made);
    if (plans.size > PLANS_KEPT) plans.delete(plans.keys().next().value!);
    return made;
  };

  const run = async (
    prepared: Prepared,
    query: Query,
    runOptions: RunOptions,
  ): Promise<Omit<Result, "meta"> & { truncated: boolean }> => {
    const read = await serving.run(prepared.printed.sql, prepared.printed.parameters, {
      folded: prepared.printed.folded,
      quick: prepared.compiled.quick,
      ...runOptions,
      exact: query.exact ?? false,
    });
    const { rows, totals, truncated } = assemble(prepared.resolved, prepared.compiled, read);
    return {
      columns: resultColumns(prepared.resolved, prepared.compiled, catalog.project.currency),
      rows,
      ...(totals && { totals }),
      truncated,
    };
  };

  /** The rows of a resolved question. */
  const ask = async (resolved: ResolvedQuery, query: Query, runOptions: RunOptions): Promise<readonly Row[]> =>
    (await run(compile(resolved), query, runOptions)).rows;

  /** With the members that `top` keeps looked up, and the page that a cursor asks for. */
  const planned = async (
    query: Query,
    runOptions: RunOptions,
  ): Promise<{
    readonly prepared: Prepared /** what is left out, from the rows that are not */;
    readonly others: (rows: () => Promise<readonly Row[]>) => Promise<readonly OthersQuestion[]>;
    readonly mark: string;
    readonly offset: number;
  }> => {
    const { cursor, ...rest } = query;
    const plain = prepare(rest);
    const { resolved } = plain;
    const mark = fingerprint(query, plain.printed, role);
    const offset = cursor === undefined ? 0 : readCursor(cursor, mark, serving.version);
    const tops = resolved.tops ?? [];
    if (tops.length === 0)
      return {
        prepared: offset === 0 ? plain : compile({ ...resolved, offset }),
        others: async () => [],
        mark,
        offset,
      };
    const { resolve } = context(resolved.history, resolved.timeZone, resolved.now);
    const left = (keep: readonly Kept[]): readonly OthersQuestion[] =>
      othersOf(resolved, keep, (filter) =>
        resolveFilter(
          {
            ...resolve,
            timeZone: resolved.timeZone,
          },
          filter,
          "$.top",
        ),
      );
    const best = offset === 0 ? bestOf(resolved) : null;
    if (best)
      return {
        prepared: compile({ ...resolved, best }),
        others: async (rows) => (tops[0]!.others ? left([keptBy(resolved, await rows())]) : []),
        mark,
        offset,
      };
    const keep = await Promise.all(
      tops.map((top) => rank(resolved, top, (ranking) => ask(ranking, { ...query, exact: true }, runOptions))),
    );
    return {
      prepared: compile({ ...resolved, keep, ...(offset > 0 && { offset }) }),
      others: async () => left(keep),
      mark,
      offset,
    };
  };

  const engines = new Map<string, Engine>();
  let plain: Engine | undefined;
  const engine: Engine = {
    catalog,
    binding,
    serving,
    now,
    prepare,
    context,
    role,
    spanOf: facts.spanOf,
    unusable: facts.unusable,
    fromFacts: () => (plain ??= answering({ ...facts, rollups: [] }, role)),
    as(name) {
      if (!Object.hasOwn(whole.project.roles ?? {}, name))
        throw new TesseraError("forbidden", phrase`there is no role ${JSON.stringify(name)}`, {
          place: "role",
          remedy: "a project declares its roles in `roles`",
        });
      const known = engines.get(name) ?? answering(facts, name);
      engines.set(name, known);
      return known;
    },
    async plan(json, runOptions = {}) {
      const { totals: _, ...details } = parse(json);
      return (await planned(details, runOptions)).prepared;
    },
    async query(json, runOptions = {}) {
      const started = performance.now();
      const query = parse(json);
      const { prepared, others, mark, offset } = await planned(query, runOptions);
      const asked = run(prepared, query, runOptions).catch(async (error: unknown) => {
        throw await overflowed(
          error,
          prepared.resolved.measures.map((m) => m.name),
          (i) => engine.query(onlyMeasure(query, i), runOptions),
        );
      });
      // what is left out is asked beside what is kept, where that is known before
      const left = others(async () => (await asked).rows).then((questions) =>
        Promise.all(
          questions.map(async ({ level, query: rest }) =>
            (await ask(rest, query, runOptions)).map((row) => ({ level, row })),
          ),
        ),
      );
      const [answer, groups] = await Promise.all([asked, left]);
      const range = dateRange(prepared.resolved);
      return {
        columns: answer.columns,
        rows: answer.rows,
        ...(answer.totals && { totals: answer.totals }),
        ...((prepared.resolved.tops ?? []).some((top) => top.others) && { others: groups.flat() }),
        meta: {
          elapsedMs: Math.round((performance.now() - started) * 10) / 10,
          warehouseVersion: serving.version,
          rollup: prepared.compiled.rollups.length > 0 ? prepared.compiled.rollups.join(", ") : null,
          truncated: answer.truncated,
          ...(answer.truncated && { next: writeCursor(mark, offset + answer.rows.length, serving.version) }),
          now: toIso(prepared.resolved.now),
          range,
        },
      };
    },
  };

  return engine;
}

function dateRange(resolved: ResolvedQuery): readonly [string, string] | null {
  const roles = new Set(
    resolved.rows.flatMap(refsIn).flatMap((ref) => (ref.t === "role" && ref.dimension.calendar ? [ref.role] : [])),
  );
  for (const role of roles) {
    const range = hull(daysOfRole(resolved.rows, role) ?? []);
    if (range && Number.isFinite(range.from) && Number.isFinite(range.until))
      return [toIso(range.from), toIso(range.until)];
  }
  return null;
}
