/** The verdict on campaigns with a random hold-out: each outcome of the treated against the held out, by any cut. An outcome is a sum a unit, or a ratio of two sums. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { ExperimentRequest } from "../../model/declarations.ts";
import type { Engine } from "../../query/answer/engine.ts";
import type { CubeNode, MeasureNode } from "../../model/catalog.ts";
import { FactSource } from "../../query/scan/fact-source.ts";
import { resolveFilter } from "../../query/resolve/condition.ts";
import { conjuncts } from "../../query/resolve/condition-parts.ts";
import { resolveAttribute } from "../../query/binding/member.ts";
import { decoder } from "../../query/answer/result.ts";
import type { Value } from "../../model/query.ts";
import { printDuckdb } from "../../sql/print-duckdb.ts";
import { column, type Select } from "../../sql/tree.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { sequentialInterval } from "./sequential.ts";
import {
  adjust,
  detectable,
  mean,
  ratioMoments,
  relativeLift,
  sampleRatio,
  variance,
  welch,
  wilson,
  type Difference,
  type Moments,
} from "./statistics.ts";

export type { ExperimentRequest };

export interface OutcomeVerdict {
  readonly outcome: string;
  readonly title: string;
  readonly treated: { readonly n: number; readonly mean: number; readonly interval?: readonly [number, number] };
  readonly control: { readonly n: number; readonly mean: number; readonly interval?: readonly [number, number] };
  /** absolute difference a unit, 95 % interval */
  readonly lift: Difference;
  readonly relative: Difference | null;
  /** the same with the covariate taken out; null without one */
  readonly adjusted: (Difference & { readonly varianceSaved: number }) | null;
  /** 95 % at every look at once: may be read while the campaign runs */
  readonly sequential: readonly [number, number];
  /** the difference times the treated units, with its interval; null of a ratio, which has none */
  readonly total: { readonly value: number; readonly interval: readonly [number, number] } | null;
  /** the difference a unit that groups of these sizes show in 80 of 100 repetitions, before corrections: a smaller one may be there unseen */
  readonly detectable: number;
  readonly pAdjusted: number;
  /** in words, never more than the interval allows */
  readonly verdict: "more" | "less" | "no difference shown";
}

export interface ExperimentVerdict {
  /** member of `by`; null for (unknown) or where there is no `by` */
  readonly group: Value;
  readonly treated: number;
  readonly control: number;
  readonly sampleRatio: { readonly chi2: number; readonly p: number; readonly broken: boolean } | null;
  readonly outcomes: readonly OutcomeVerdict[];
  /** extra profit of the treated less what contacting them cost */
  readonly profit: {
    readonly value: number;
    readonly interval: readonly [number, number] /** 95 % at every look at once */;
    readonly sequential: readonly [number, number];
    readonly cost: number;
    readonly roi: number | null;
  } | null;
  readonly warnings: readonly string[];
}

const SMALL = 30;
const BROKEN = 0.001;

/** @throws TesseraError `mining-invalid` for members that do not fit, `too-little-data` for a group without a hold-out is a warning instead */
export async function evaluateExperiment(
  engine: Engine,
  request: ExperimentRequest,
  options: RunOptions = {},
): Promise<readonly ExperimentVerdict[]> {
  const cube = engine.catalog.cubes.get(request.cube);
  if (!cube)
    throw new TesseraError("mining-invalid", phrase`unknown cube ${request.cube}`, {
      place: "$.cube",
      remedy: phrase`one of ${[...engine.catalog.cubes.keys()].join(", ")}`,
    });
  const { plan } = engine.context("as_is", null, engine.now());
  const source = new FactSource(plan, cube);
  const asked = request.outcomes.map((member) => outcomeOf(engine, cube, member));
  const sums = [
    ...new Set([
      ...asked.flatMap((o) => (o.below === null ? [o.above] : [o.above, o.below])),
      ...(request.covariate ? [request.covariate] : []),
      ...(request.cost ? [request.cost] : []),
      ...(request.profit ? [request.profit] : []),
    ]),
  ];
  const nodes = new Map(sums.map((member) => [member, plainSum(engine, cube, member)] as const));
  const ratios = asked.flatMap((o) =>
    o.below === null ? [] : [{ above: sums.indexOf(o.above), below: sums.indexOf(o.below) }],
  );
  const arm = resolveAttribute(engine.catalog, engine.binding, request.treated, "$.treated");
  if (arm.type !== "boolean" || !source.has(arm))
    throw new TesseraError("mining-invalid", phrase`${request.treated} is no truth value of ${cube.name}`, {
      place: "$.treated",
      remedy: "name the attribute that is true for the treated and false for the held out",
    });
  const by = request.by === undefined ? null : resolveAttribute(engine.catalog, engine.binding, request.by, "$.by");
  if (by && !source.has(by))
    throw new TesseraError("unrelated-dimension", phrase`cube ${cube.name} has no ${by.member.split(".")[0]}`, {
      place: "$.by",
      remedy: phrase`it has ${[...cube.roles.keys()].join(", ")}`,
    });
  const planned =
    request.heldOutShare === undefined
      ? null
      : resolveAttribute(engine.catalog, engine.binding, request.heldOutShare, "$.heldOutShare");
  if (planned && !source.has(planned))
    throw new TesseraError("unrelated-dimension", phrase`cube ${cube.name} has no ${planned.member.split(".")[0]}`, {
      place: "$.heldOutShare",
      remedy: phrase`it has ${[...cube.roles.keys()].join(", ")}`,
    });
  for (const [i, filter] of (request.filters ?? []).entries()) {
    const condition = resolveFilter(
      {
        catalog: engine.catalog,
        binding: engine.binding,
        now: engine.now(),
      },
      filter,
      `$.filters[${i}]`,
    );
    for (const part of conjuncts(condition)) source.filter(part);
  }

  const name = (i: number): string => `x${i}`;
  const inner: Select = {
    t: "select",
    columns: [
      { expr: by ? source.attribute(by) : { t: "numeral", text: "0" }, as: "grp" },
      { expr: source.attribute(arm), as: "arm" },
      ...(planned
        ? [{ expr: { t: "cast" as const, of: source.attribute(planned), type: "double" as const }, as: "planned" }]
        : []),
      ...sums.map((member, i) => ({
        expr: {
          t: "call" as const,
          name: "coalesce" as const,
          args: [
            {
              t: "cast" as const,
              of: source.argument((nodes.get(member)!.spec as { of: string }).of),
              type: "double" as const,
            },
            { t: "numeral" as const, text: "0" },
          ],
        },
        as: name(i),
      })),
    ],
    ...source.parts(),
  };
  const sum = (expr: Select["columns"][number]["expr"]): Select["columns"][number]["expr"] => ({
    t: "aggregate",
    name: "sum",
    of: expr,
    filter: null,
  });
  const covariate = request.covariate === undefined ? -1 : sums.indexOf(request.covariate);
  const select: Select = {
    t: "select",
    from: { t: "select", select: inner, as: "x" },
    where: { t: "is_null", of: column("x", "arm"), negated: true },
    groupBy: { keys: [column("x", "grp"), column("x", "arm")] },
    orderBy: [{ by: column("x", "grp"), direction: "asc" }],
    columns: [
      { expr: column("x", "grp"), as: "grp" },
      { expr: column("x", "arm"), as: "arm" },
      { expr: { t: "aggregate", name: "count", of: null, filter: null }, as: "n" },
      ...(planned ? [{ expr: sum(column("x", "planned")), as: "planned" }] : []),
      ...sums.flatMap((_, i) => [
        { expr: sum(column("x", name(i))), as: `s${i}` },
        { expr: sum({ t: "binary", op: "*", left: column("x", name(i)), right: column("x", name(i)) }), as: `q${i}` },
        ...(covariate >= 0
          ? [
              {
                expr: sum({ t: "binary", op: "*", left: column("x", name(i)), right: column("x", name(covariate)) }),
                as: `c${i}`,
              },
            ]
          : []),
      ]),
      ...ratios.map((r, n) => ({
        expr: sum({ t: "binary", op: "*", left: column("x", name(r.above)), right: column("x", name(r.below)) }),
        as: `r${n}`,
      })),
    ],
  };
  const printed = printDuckdb(select);
  const read = await engine.serving.run(printed.sql, printed.parameters, options);
  const at = (column: string, row: number): number => Number(read.columns[read.names.indexOf(column)]![row] ?? 0);
  const groups = new Map<Value, { treated?: number; control?: number }>();
  for (let r = 0; r < read.rowCount; r++) {
    const key = read.columns[0]![r] as Value;
    const group = groups.get(key) ?? {};
    group[read.columns[1]![r] === true ? "treated" : "control"] = r;
    groups.set(key, group);
  }
  const decode = by ? decoder(by) : null;
  const moments = (row: number | undefined, i: number): Moments =>
    row === undefined
      ? { n: 0, sum: 0, squares: 0 }
      : { n: at("n", row), sum: at(`s${i}`, row), squares: at(`q${i}`, row) };

  const verdicts = [...groups].map(([key, rows]): ExperimentVerdict => {
    const n1 = rows.treated === undefined ? 0 : at("n", rows.treated);
    const n0 = rows.control === undefined ? 0 : at("n", rows.control);
    const warnings: string[] = [];
    if (n1 === 0 || n0 === 0)
      warnings.push(
        n0 === 0 ? "nobody was held out: nothing can be said of the campaign's effect" : "nobody was treated",
      );
    else if (Math.min(n1, n0) < SMALL)
      warnings.push(`only ${Math.min(n1, n0)} in the smaller group: intervals are rough`);
    // a group of several plans is held against their mean, weighed by who was drawn
    const share = planned
      ? 1 -
        ((rows.treated === undefined ? 0 : at("planned", rows.treated)) +
          (rows.control === undefined ? 0 : at("planned", rows.control))) /
          (n1 + n0)
      : request.treatedShare;
    const ratio =
      share === undefined || !(share > 0 && share < 1) || n1 === 0 || n0 === 0
        ? null
        : sampleRatio([n1, n0], [share, 1 - share]);
    if (ratio && ratio.p < BROKEN)
      warnings.push(
        `the groups' sizes do not fit the plan (p ${ratio.p.toPrecision(2)}): look for a broken draw before believing any figure`,
      );
    const comparable = n1 >= 2 && n0 >= 2;
    const outcomes = !comparable
      ? []
      : asked.flatMap((outcome): OutcomeVerdict[] => {
          const i = sums.indexOf(outcome.above);
          const below = outcome.below === null ? -1 : sums.indexOf(outcome.below);
          const group = (row: number | undefined): Moments | null =>
            below < 0
              ? moments(row, i)
              : ratioMoments(
                  moments(row, i),
                  moments(row, below),
                  at(`r${ratios.findIndex((r) => r.above === i && r.below === below)}`, row!),
                );
          const [treated, control] = [group(rows.treated), group(rows.control)];
          if (!treated || !control) return [];
          const lift = welch(treated, control);
          const adjusted =
            covariate >= 0 && below < 0 && i !== covariate
              ? cuped(
                  treated,
                  control,
                  moments(rows.treated, covariate),
                  moments(rows.control, covariate),
                  at(`c${i}`, rows.treated!),
                  at(`c${i}`, rows.control!),
                )
              : null;
          const best = adjusted ?? lift;
          const binary = (m: Moments): boolean => below < 0 && m.squares === m.sum && m.sum >= 0 && m.sum <= m.n;
          return [
            {
              outcome: outcome.member,
              title: outcome.title,
              lift,
              adjusted,
              relative: relativeLift(treated, control),
              pAdjusted: best.p,
              detectable:
                lift.standardError > 0 ? (detectable(treated, control) * best.standardError) / lift.standardError : 0,
              sequential: sequentialInterval(best.difference, best.standardError, n1 + n0),
              treated: {
                n: treated.n,
                mean: mean(treated),
                ...(binary(treated) && { interval: wilson(treated.sum, treated.n) }),
              },
              control: {
                n: control.n,
                mean: mean(control),
                ...(binary(control) && { interval: wilson(control.sum, control.n) }),
              },
              total:
                below < 0
                  ? { value: best.difference * n1, interval: [best.interval[0] * n1, best.interval[1] * n1] }
                  : null,
              verdict: "no difference shown",
            },
          ];
        });
    const paying = outcomes.find(
      (o) => o.outcome === (request.profit ?? request.outcomes[request.outcomes.length - 1]),
    );
    const cost =
      request.cost === undefined || rows.treated === undefined ? 0 : at(`s${sums.indexOf(request.cost)}`, rows.treated);
    const profit =
      paying?.total && request.cost !== undefined
        ? {
            value: paying.total.value - cost,
            interval: [paying.total.interval[0] - cost, paying.total.interval[1] - cost] as const,
            sequential: [paying.sequential[0] * n1 - cost, paying.sequential[1] * n1 - cost] as const,
            cost,
            roi: cost === 0 ? null : (paying.total.value - cost) / cost,
          }
        : null;
    return {
      group: decode ? decode(key) : by ? key : null,
      treated: n1,
      control: n0,
      sampleRatio: ratio && { ...ratio, broken: ratio.p < BROKEN },
      outcomes,
      profit,
      warnings,
    };
  });

  // one family of comparisons for each outcome: the same question asked of every group
  const corrected = new Map(
    request.outcomes.map((member) => [
      member,
      adjust(
        verdicts.flatMap((v) => v.outcomes.filter((o) => o.outcome === member).map((o) => o.pAdjusted)),
        request.correction ?? "holm",
      ),
    ]),
  );
  return verdicts.map((v) => ({
    ...v,
    outcomes: v.outcomes.map((o) => {
      const pAdjusted = corrected.get(o.outcome)!.shift()!;
      const { difference } = o.adjusted ?? o.lift;
      return {
        ...o,
        pAdjusted,
        verdict: pAdjusted < 0.05 ? (difference > 0 ? "more" : "less") : "no difference shown",
      } satisfies OutcomeVerdict;
    }),
  }));
}

interface Outcome {
  readonly member: string;
  readonly title: string;
  readonly above: string /** null: a sum a unit */;
  readonly below: string | null;
}

/** A plain sum, or a formula `a / b` of two. */
function outcomeOf(engine: Engine, cube: CubeNode, member: string): Outcome {
  const node = engine.catalog.measures.get(member);
  const formula = node?.formula;
  const full = (name: string): string => (name.includes(".") ? name : `${cube.name}.${name}`);
  if (
    !node ||
    formula?.t !== "binary" ||
    formula.op !== "/" ||
    formula.left.t !== "measure" ||
    formula.right.t !== "measure"
  )
    return { member, title: plainSum(engine, cube, member).title, above: member, below: null };
  return {
    member,
    title: node.title,
    above: plainSum(engine, cube, full(formula.left.name)).member,
    below: plainSum(engine, cube, full(formula.right.name)).member,
  };
}

function plainSum(engine: Engine, cube: CubeNode, member: string): MeasureNode {
  const node = engine.catalog.measures.get(member);
  if (
    !node ||
    node.cube !== cube.name ||
    node.spec.kind !== "aggregate" ||
    node.spec.aggregate !== "sum" ||
    node.spec.where
  )
    throw new TesseraError("mining-invalid", phrase`${member} is no plain sum of ${cube.name}, nor a ratio of two`, {
      place: "$.outcomes",
      remedy: phrase`one of ${[...cube.measures.values()]
        .filter((m) => m.spec.kind === "aggregate" && m.spec.aggregate === "sum" && !m.spec.where)
        .map((m) => m.member)
        .join(", ")}, or a measure that is one of them divided by another`,
    });
  return node;
}

/** Variance reduction by a covariate from before the draw (Deng, Xu, Kohavi and Walker 2013); theta pooled over both groups. */
export function cuped(
  treated: Moments,
  control: Moments,
  treatedBefore: Moments,
  controlBefore: Moments,
  treatedCross: number,
  controlCross: number,
): Difference & { readonly varianceSaved: number } {
  const covariance = (a: Moments, b: Moments, cross: number): number => (cross - (a.sum * b.sum) / a.n) / (a.n - 1);
  const c1 = covariance(treated, treatedBefore, treatedCross);
  const c0 = covariance(control, controlBefore, controlCross);
  const before = variance(treatedBefore) * (treatedBefore.n - 1) + variance(controlBefore) * (controlBefore.n - 1);
  const theta = before === 0 ? 0 : (c1 * (treated.n - 1) + c0 * (control.n - 1)) / before;
  const adjusted = (own: Moments, pre: Moments, c: number, shift: number): Moments => {
    const v = Math.max(0, variance(own) - 2 * theta * c + theta ** 2 * variance(pre));
    const m = mean(own) - theta * (mean(pre) - shift);
    return { n: own.n, sum: m * own.n, squares: v * (own.n - 1) + m ** 2 * own.n };
  };
  const shift = (treatedBefore.sum + controlBefore.sum) / (treatedBefore.n + controlBefore.n);
  const plain = welch(treated, control);
  const found = welch(adjusted(treated, treatedBefore, c1, shift), adjusted(control, controlBefore, c0, shift));
  return { ...found, varianceSaved: 1 - (found.standardError / plain.standardError) ** 2 };
}
