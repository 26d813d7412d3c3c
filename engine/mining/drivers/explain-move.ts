/** "Why did it move": a measure's change between two periods, taken apart by every dimension and pair of them, the most telling cut first. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Filter } from "../../model/filter.ts";
import type { Engine } from "../../query/answer/engine.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { cubeOf, dateRoleOf } from "../fact-rows.ts";
import { decomposeAmount, decomposeRate, decomposeVolume, type Contribution, type Part } from "./decompose.ts";
import { first } from "../../lookup.ts";

export interface MoveRequest {
  readonly measure: string;
  /** how many there were, for amounts: `sales.orders` parts revenue into orders, mix and revenue an order */
  readonly volume?: string;
  /** ISO days, both included */
  readonly before: readonly [string, string];
  readonly after: readonly [string, string];
  /** where to look, pairs of them too; by default what the cube is usually cut by */
  readonly dimensions?: readonly string[];
  readonly filters?: readonly Filter[];
}

export interface Cut {
  readonly dimensions: readonly string[];
  readonly contributions: readonly Contribution[];
  readonly simpson: boolean;
}
export interface Move {
  readonly kind: "amount" | "rate" | "volume";
  readonly before: number;
  readonly after: number;
  /** the most telling first */
  readonly cuts: readonly Cut[];
  /** members of all cuts, the most telling first; each says of which cut */
  readonly causes: readonly (Contribution & { readonly dimensions: readonly string[]; readonly shareOfMove: number })[];
}

const MOST_MEMBERS = 5000;
const MOST_CAUSES = 30;
/** A cause brings at least this part of the move. */
const LEAST = 0.03;

/** @throws TesseraError `mining-invalid` for a measure that is neither a sum nor one measure over another */
export async function explainMove(
  engine: Engine,
  request: MoveRequest,
  place = "$",
  options: RunOptions = {},
): Promise<Move> {
  const node = engine.catalog.measures.get(request.measure);
  if (!node)
    throw new TesseraError("mining-invalid", phrase`unknown measure ${request.measure}`, {
      place: `${place} › measure`,
    });
  const ratio =
    node.formula?.t === "binary" &&
    node.formula.op === "/" &&
    node.formula.left.t === "measure" &&
    node.formula.right.t === "measure"
      ? ([node.formula.left.name, node.formula.right.name] as const)
      : null;
  const [top, base] = ratio ?? [request.measure, request.volume ?? null];
  const kind = ratio ? "rate" : base !== null ? "volume" : "amount";
  const date = dateRoleOf(cubeOf(engine, place, node.cube), place);
  const named = request.dimensions ?? (await usualDimensions(engine, request.measure, place, options));
  const cuts: Cut[] = [];
  const decompose = (parts: readonly Part[]) =>
    kind === "rate" ? decomposeRate(parts) : kind === "volume" ? decomposeVolume(parts) : decomposeAmount(parts);
  const { before, after } = decompose(await partsOf(engine, request, date, top, base, [], options));
  const whole = { before, after };
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a));
  /** a dimension over which the measure does not add up is no cut of it */
  const cut = async (dimensions: readonly string[]): Promise<boolean> => {
    const found = decompose(await partsOf(engine, request, date, top, base, dimensions, options));
    const adds = near(found.before, whole.before) && near(found.after, whole.after);
    if (adds)
      cuts.push({
        dimensions,
        simpson: found.simpson,
        contributions: [...found.contributions].sort((a, b) => b.strength - a.strength),
      });
    return adds;
  };
  const usable: string[] = [];
  for (const dimension of named) if (await cut([dimension])) usable.push(dimension);
  for (const [i, one] of usable.entries()) for (const other of usable.slice(i + 1)) await cut([one, other]);
  if (cuts.length === 0)
    throw new TesseraError(
      "mining-invalid",
      named.length === 0
        ? "there is no dimension to look at"
        : `${request.measure} adds up over none of ${named.join(", ")}`,
      {
        place: `${place} › dimensions`,
        remedy:
          "name attributes of the measure's cube that part its rows, and a measure that is a sum, a count, or one of these over another",
      },
    );
  const moved = whole.after - whole.before;
  const causes = cuts
    .flatMap((cut) =>
      cut.contributions.map((c) => ({
        ...c,
        dimensions: cut.dimensions,
        shareOfMove: moved === 0 ? 0 : c.total / moved,
      })),
    )
    .filter((c) => moved === 0 || Math.abs(c.shareOfMove) >= LEAST)
    .sort((a, b) => b.strength - a.strength || a.dimensions.length - b.dimensions.length)
    .slice(0, MOST_CAUSES);
  const best = (cut: Cut): number =>
    Math.max(
      ...cut.contributions.filter((c) => moved === 0 || Math.abs(c.total / moved) >= LEAST).map((c) => c.strength),
      0,
    );
  return { kind, ...whole, causes, cuts: cuts.sort((a, b) => best(b) - best(a)) };
}

const MOST_USUAL = 8;
const MOST_OWN = 4;
/** An attribute with more members than these tells of single things, not of where to look. */
const MOST_VALUES = 60;

/** What a cube is usually cut by: the upper levels of its dimensions' hierarchies, and its own attributes of few members. */
export async function usualDimensions(
  engine: Engine,
  measure: string,
  place: string,
  options: RunOptions = {},
): Promise<string[]> {
  const cube = cubeOf(engine, place, first(measure.split(".")));
  const levels = [...cube.roles].flatMap(([name, role]) => {
    const dimension = engine.catalog.roles.get(name)?.dimension;
    if (!dimension || dimension.calendar || "through" in role || dimension.spec.kind === "date") return [];
    const tops = Object.values(dimension.spec.hierarchies ?? {}).flatMap((list) => list.slice(0, 2));
    return [...new Set(tops)]
      .filter((level) => dimension.attributes.has(level))
      .slice(0, 3)
      .map((level) => `${name}.${level}`);
  });
  const own = [...cube.attributes.keys()].map((name) => `${cube.name}.${name}`);
  const usual: string[] = [];
  const few = async (member: string): Promise<boolean> => {
    const { rows } = await engine.query({ measures: [measure], dimensions: [member], limit: MOST_VALUES + 1 }, options);
    return rows.length > 1 && rows.length <= MOST_VALUES;
  };
  // the cube's own attributes tell of the business of these facts alone, and are few
  for (const member of own) if (usual.length < MOST_OWN && (await few(member))) usual.push(member);
  for (const member of levels) if (usual.length < MOST_USUAL && (await few(member))) usual.push(member);
  return usual;
}

async function partsOf(
  engine: Engine,
  request: MoveRequest,
  date: string,
  top: string,
  base: string | null,
  dimensions: readonly string[],
  options: RunOptions,
): Promise<Part[]> {
  const measures = base === null ? [top] : [top, base];
  const ask = async ([from, until]: readonly [string, string]) =>
    (
      await engine.query(
        {
          measures,
          dimensions,
          filters: [...(request.filters ?? []), { member: date, operator: "in_range", values: [from, until] }],
          limit: MOST_MEMBERS,
        },
        options,
      )
    ).rows;
  const parts = new Map<
    string,
    { member: string; before: number; after: number; baseBefore: number; baseAfter: number }
  >();
  for (const [side, rows] of [
    ["before", await ask(request.before)],
    ["after", await ask(request.after)],
  ] as const) {
    for (const row of rows) {
      const member = dimensions
        .map((d) => (row[d] === null || row[d] === undefined ? "(unknown)" : String(row[d])))
        .join(" · ");
      const part = parts.get(member) ?? { member, before: 0, after: 0, baseBefore: 0, baseAfter: 0 };
      part[side] += Number(row[top] ?? 0);
      part[side === "before" ? "baseBefore" : "baseAfter"] += base === null ? 0 : Number(row[base] ?? 0);
      parts.set(member, part);
    }
  }
  return [...parts.values()];
}
