/** Queries to one data version, as the owner or as a role sees it: each with plans and cursors of its own. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Query, Result, Row } from "../../model/query.ts";
import { toIso } from "../../model/time/calendar.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { onlyMeasure, overflowed } from "../binding/overflow.ts";
import { bestOf, keptBy, othersOf, rank, type Kept, type OthersQuestion } from "../plan/tops.ts";
import { daysOfRole } from "../resolve/asked-days.ts";
import { refsIn } from "../resolve/condition-parts.ts";
import { resolveFilter } from "../resolve/condition.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";
import { hull } from "../time/day-set.ts";
import { fingerprint, readCursor, writeCursor } from "./cursor.ts";
import type { Engine, Prepared, VersionFacts } from "./engine.ts";
import { Plans } from "./plans.ts";
import { assemble, resultColumns } from "./result.ts";
import { roleView } from "./role-view.ts";

/** A planned query, its page, and what its tops leave out. */
interface Planned {
  readonly prepared: Prepared;
  /** the queries for what is left out; some need the rows that are not */
  readonly others: (rows: () => Promise<readonly Row[]>) => Promise<readonly OthersQuestion[]>;
  /** the identity of the query, for its cursor */
  readonly mark: string;
  readonly offset: number;
}

type Answer = Omit<Result, "meta"> & { readonly truncated: boolean };

/** The engine of a version for one caller. @param role null: the owner, who sees everything */
export function answering(facts: VersionFacts, role: string | null): Engine {
  const { catalog: whole, serving, now } = facts;
  const { catalog, binding, context } = roleView(facts, role);
  const plans = new Plans(context, now);

  const run = async (prepared: Prepared, query: Query, options: RunOptions): Promise<Answer> => {
    const read = await serving.run(prepared.printed.sql, prepared.printed.parameters, {
      folded: prepared.printed.folded,
      quick: prepared.compiled.quick,
      ...options,
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

  /** The rows of a resolved query. */
  const ask = async (resolved: ResolvedQuery, query: Query, options: RunOptions): Promise<readonly Row[]> =>
    (await run(plans.compile(resolved), query, options)).rows;

  /** Plans a query with the members that `top` keeps, and the page that a cursor asks for. */
  const planned = async (query: Query, options: RunOptions): Promise<Planned> => {
    const { cursor, ...rest } = query;
    const plain = plans.prepare(rest);
    const { resolved } = plain;
    const mark = fingerprint(query, plain.printed, role);
    const offset = cursor === undefined ? 0 : readCursor(cursor, mark, serving.version);
    const [top] = resolved.tops ?? [];
    if (!top) {
      const prepared = offset === 0 ? plain : plans.compile({ ...resolved, offset });
      return { prepared, others: async () => [], mark, offset };
    }
    const { resolve } = context(resolved.history, resolved.timeZone, resolved.now);
    const left = (keep: readonly Kept[]): readonly OthersQuestion[] =>
      othersOf(resolved, keep, (filter) => resolveFilter({ ...resolve, timeZone: resolved.timeZone }, filter, "$.top"));
    const best = offset === 0 ? bestOf(resolved) : null;
    if (best)
      return {
        prepared: plans.compile({ ...resolved, best }),
        others: async (rows) => (top.others ? left([keptBy(resolved, await rows())]) : []),
        mark,
        offset,
      };
    const exact = { ...query, exact: true };
    const keep = await Promise.all(
      (resolved.tops ?? []).map((each) => rank(resolved, each, (ranking) => ask(ranking, exact, options))),
    );
    return {
      prepared: plans.compile({ ...resolved, keep, ...(offset > 0 && { offset }) }),
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
    prepare: (query) => plans.prepare(query),
    context,
    role,
    spanOf: facts.spanOf,
    unusable: facts.unusable,
    fromFacts: () => (plain ??= answering({ ...facts, rollups: [] }, role)),
    as(name) {
      if (!Object.hasOwn(whole.project.roles ?? {}, name))
        throw new TesseraError("forbidden", phrase`role ${JSON.stringify(name)} not found`, {
          place: "role",
          remedy: "a project declares its roles in `roles`",
        });
      const known = engines.get(name) ?? answering(facts, name);
      engines.set(name, known);
      return known;
    },
    async plan(json, options = {}) {
      const { totals: _, ...details } = plans.parse(json);
      return (await planned(details, options)).prepared;
    },
    async planAnswer(json, options = {}) {
      return (await planned(plans.parse(json), options)).prepared;
    },
    async query(json, options = {}) {
      const started = performance.now();
      const query = plans.parse(json);
      const { prepared, others, mark, offset } = await planned(query, options);
      const { resolved } = prepared;
      const asked = run(prepared, query, options).catch(async (error: unknown) => {
        const names = resolved.measures.map((m) => m.name);
        throw await overflowed(error, names, (i) => engine.query(onlyMeasure(query, i), options));
      });
      // what is left out is asked at the same time as what is kept, where that is known before
      const left = others(async () => (await asked).rows).then((questions) =>
        Promise.all(
          questions.map(async ({ level, query: rest }) =>
            (await ask(rest, query, options)).map((row) => ({ level, row })),
          ),
        ),
      );
      const [answer, groups] = await Promise.all([asked, left]);
      const next = answer.truncated && writeCursor(mark, offset + answer.rows.length, serving.version);
      return {
        columns: answer.columns,
        rows: answer.rows,
        ...(answer.totals && { totals: answer.totals }),
        ...((resolved.tops ?? []).some((top) => top.others) && { others: groups.flat() }),
        meta: {
          elapsedMs: Math.round((performance.now() - started) * 10) / 10,
          warehouseVersion: serving.version,
          rollup: prepared.compiled.rollups.length > 0 ? prepared.compiled.rollups.join(", ") : null,
          truncated: answer.truncated,
          ...(next !== false && { next }),
          now: toIso(resolved.now),
          range: dateRange(resolved),
        },
      };
    },
  };
  return engine;
}

/** The first date range that the query's filters leave; null without a bounded one. */
function dateRange({ rows }: ResolvedQuery): readonly [string, string] | null {
  const roles = new Set(
    rows.flatMap(refsIn).flatMap((ref) => (ref.t === "role" && ref.dimension.calendar ? [ref.role] : [])),
  );
  for (const role of roles) {
    const range = hull(daysOfRole(rows, role) ?? []);
    if (range && Number.isFinite(range.from) && Number.isFinite(range.until))
      return [toIso(range.from), toIso(range.until)];
  }
  return null;
}
