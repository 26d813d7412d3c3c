/** Reads the moments of every sum by group and arm, in one statement. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { at, required } from "../../lookup.ts";
import type { CubeNode } from "../../model/catalog.ts";
import type { ExperimentRequest } from "../../model/declarations.ts";
import type { Value } from "../../model/query.ts";
import type { Engine } from "../../query/answer/engine.ts";
import { decoder } from "../../query/answer/result.ts";
import { resolveAttribute } from "../../query/binding/member.ts";
import { conjuncts } from "../../query/resolve/condition-parts.ts";
import { resolveFilter } from "../../query/resolve/condition.ts";
import { FactSource } from "../../query/scan/fact-source.ts";
import { printDuckdb } from "../../sql/print-duckdb.ts";
import { column, type Expr, type Select } from "../../sql/tree.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { plainSum, summand, type PlainSum } from "../fact-rows.ts";
import type { Outcome } from "./outcome.ts";
import type { Moments } from "./statistics.ts";

/** One arm of one group. */
export interface Arm {
  readonly n: number;
  /** sum of the planned control shares; null where no plan is declared */
  readonly planned: number | null;
  moments(member: string): Moments;
  /** sum of member x covariate */
  withCovariate(member: string): number;
  /** sum of the products of a ratio's two sums */
  cross(outcome: Outcome): number;
}

/** One group with its arms; an arm without units is missing. */
export interface Group {
  readonly value: Value;
  readonly treated: Arm | undefined;
  readonly control: Arm | undefined;
}

type Attribute = ReturnType<typeof resolveAttribute>;

/** @throws TesseraError `mining-invalid`, `unrelated-dimension` for members that do not fit the cube */
export async function readMoments(
  engine: Engine,
  cube: CubeNode,
  request: ExperimentRequest,
  outcomes: readonly Outcome[],
  options: RunOptions,
): Promise<Group[]> {
  const { plan } = engine.context("as_is", null, engine.now());
  const source = new FactSource(plan, cube);
  const { covariate } = request;
  const sums = [
    ...new Set([
      ...outcomes.flatMap((o) => (o.below === null ? [o.above] : [o.above, o.below])),
      ...[covariate, request.cost, request.profit].filter((member) => member !== undefined),
    ]),
  ];
  const nodes = new Map(sums.map((member) => [member, plainSum(engine, cube, member, "$.outcomes")] as const));
  const ratios = outcomes.filter((o) => o.below !== null);
  const arm = attributeOf(engine, source, cube, request.treated, "$.treated");
  if (arm.type !== "boolean")
    throw new TesseraError("mining-invalid", phrase`attribute "${request.treated}" is not true or false`, {
      place: "$.treated",
      remedy: "name the attribute that is true for the treated and false for the control group",
    });
  const by = request.by === undefined ? null : attributeOf(engine, source, cube, request.by, "$.by");
  const planned =
    request.heldOutShare === undefined
      ? null
      : attributeOf(engine, source, cube, request.heldOutShare, "$.heldOutShare");
  applyFilters(engine, source, request);

  const columnOf = new Map(sums.map((member, i) => [member, column("x", `x${i}`)] as const));
  const value = (member: string): Expr => required(columnOf, member, "sum");
  const figures = new Map<string, Expr>([
    ["n", { t: "aggregate", name: "count", of: null, filter: null }],
    ...(planned ? [["planned", total(column("x", "planned"))] as const] : []),
    ...sums.flatMap((member) => [
      [`sum ${member}`, total(value(member))] as const,
      [`squares ${member}`, total(product(value(member), value(member)))] as const,
      ...(covariate === undefined
        ? []
        : [[`covariate ${member}`, total(product(value(member), value(covariate)))] as const]),
    ]),
    ...ratios.map((o) => [crossName(o), total(product(value(o.above), value(o.below ?? o.above)))] as const),
  ]);
  const rows = rowsOf(source, nodes, arm, by, planned);
  const names = [...figures.keys()];
  const printed = printDuckdb({
    t: "select",
    from: { t: "select", select: rows, as: "x" },
    where: { t: "is_null", of: column("x", "arm"), negated: true },
    groupBy: { keys: [column("x", "grp"), column("x", "arm")] },
    orderBy: [{ by: column("x", "grp"), direction: "asc" }],
    columns: [
      { expr: column("x", "grp"), as: "grp" },
      { expr: column("x", "arm"), as: "arm" },
      ...names.map((name, i) => ({ expr: required(figures, name), as: `v${i}` })),
    ],
  });
  const read = await engine.serving.run(printed.sql, printed.parameters, options);
  const armAt = (row: number): Arm => {
    const figure = (name: string): number => Number(at(read.columns, 2 + names.indexOf(name))[row] ?? 0);
    return {
      n: figure("n"),
      planned: planned ? figure("planned") : null,
      moments: (member) => ({ n: figure("n"), sum: figure(`sum ${member}`), squares: figure(`squares ${member}`) }),
      withCovariate: (member) => figure(`covariate ${member}`),
      cross: (outcome) => figure(crossName(outcome)),
    };
  };
  const decode = by ? decoder(by) : () => null;
  const groups = new Map<unknown, { value: Value; treated: Arm | undefined; control: Arm | undefined }>();
  for (let row = 0; row < read.rowCount; row++) {
    const key = at(read.columns, 0)[row] ?? null;
    const group = groups.get(key) ?? { value: decode ? decode(key) : key, treated: undefined, control: undefined };
    group[at(read.columns, 1)[row] === true ? "treated" : "control"] = armAt(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const crossName = ({ above, below }: Outcome): string => `cross ${above} ${below}`;

const total = (of: Expr): Expr => ({ t: "aggregate", name: "sum", of, filter: null });

const product = (left: Expr, right: Expr): Expr => ({ t: "binary", op: "*", left, right });

/** One row a unit: group, arm, planned share, and the sums. */
const rowsOf = (
  source: FactSource,
  nodes: ReadonlyMap<string, PlainSum>,
  arm: Attribute,
  by: Attribute | null,
  planned: Attribute | null,
): Select => ({
  t: "select",
  columns: [
    { expr: by ? source.attribute(by) : { t: "numeral", text: "0" }, as: "grp" },
    { expr: source.attribute(arm), as: "arm" },
    ...(planned
      ? [{ expr: { t: "cast" as const, of: source.attribute(planned), type: "double" as const }, as: "planned" }]
      : []),
    ...[...nodes.values()].map((node, i) => ({ expr: summand(source, node), as: `x${i}` })),
  ],
  ...source.parts(),
});

function attributeOf(engine: Engine, source: FactSource, cube: CubeNode, member: string, place: string): Attribute {
  const ref = resolveAttribute(engine.catalog, engine.binding, member, place);
  if (source.has(ref)) return ref;
  throw new TesseraError("unrelated-dimension", phrase`attribute "${member}" not found in cube ${cube.name}`, {
    place,
    remedy: phrase`choose an attribute of ${[...cube.roles.keys()].join(", ")}`,
  });
}

function applyFilters(engine: Engine, source: FactSource, request: ExperimentRequest): void {
  const { catalog, binding } = engine;
  for (const [i, filter] of (request.filters ?? []).entries()) {
    const condition = resolveFilter(
      {
        catalog,
        binding,
        now: engine.now(),
      },
      filter,
      `$.filters[${i}]`,
    );
    for (const part of conjuncts(condition)) source.filter(part);
  }
}
