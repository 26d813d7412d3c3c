/**
 * Drivers of change: a measure's move between two periods by every dimension and pair of them, the strongest cut first.
 */
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import type { Filter } from "../../model/filter.ts";
import type { Engine } from "../../query/answer/engine.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { cubeOf, dateRoleOf } from "../fact-rows.ts";
import {
  decomposeAmount,
  decomposeRate,
  decomposeVolume,
  type Contribution,
  type Decomposed,
  type Part,
} from "./decompose.ts";
import { first } from "../../lookup.ts";

/** Which move. */
export interface MoveRequest {
  readonly measure: string;
  /** the volume of an amount: `sales.orders` divides revenue into orders, mix and revenue per order */
  readonly volume?: string;
  /** first and last ISO day, both included */
  readonly before: readonly [string, string];
  readonly after: readonly [string, string];
  /** attributes to look at, and pairs of them; by default those the cube is usually cut by */
  readonly dimensions?: readonly string[];
  readonly filters?: readonly Filter[];
}

/** The move by one dimension or pair. */
export interface Cut {
  readonly dimensions: readonly string[];
  readonly contributions: readonly Contribution[];
  readonly simpson: boolean;
}

/** A move and its causes. */
export interface Move {
  readonly kind: "amount" | "rate" | "volume";
  readonly before: number;
  readonly after: number;
  /** the strongest first */
  readonly cuts: readonly Cut[];
  /** members of all cuts, the strongest first */
  readonly causes: readonly (Contribution & { readonly dimensions: readonly string[]; readonly shareOfMove: number })[];
}

const MOST_MEMBERS = 5000;
const MOST_CAUSES = 30;
/** A cause contributes at least this share of the move. */
const LEAST = 0.03;

/** What is decomposed: a rate over its denominator, an amount over its volume, or an amount alone. */
interface Target {
  readonly kind: Move["kind"];
  readonly top: string;
  readonly base: string | null;
  /** date role of the measure's cube */
  readonly date: string;
}

/**
 * Explains a change.
 * @param place where the request was written, for errors
 * @throws TesseraError `mining-invalid` for an unknown measure, or one that adds up over none of the dimensions
 */
export async function explainMove(
  engine: Engine,
  request: MoveRequest,
  place = "$",
  options: RunOptions = {},
): Promise<Move> {
  const target = targetOf(engine, request, place);
  const named = request.dimensions ?? (await usualDimensions(engine, request.measure, place, options));
  const { before, after } = decompose(target, await partsOf(engine, request, target, [], options));
  const moved = after - before;
  const cuts: Cut[] = [];
  /** a dimension over which the measure does not add up is not a cut of it */
  const addCut = async (dimensions: readonly string[]): Promise<boolean> => {
    const found = decompose(target, await partsOf(engine, request, target, dimensions, options));
    if (!isNear(found.before, before) || !isNear(found.after, after)) return false;
    const contributions = [...found.contributions].sort((a, b) => b.strength - a.strength);
    cuts.push({ dimensions, simpson: found.simpson, contributions });
    return true;
  };
  const usable: string[] = [];
  for (const dimension of named) if (await addCut([dimension])) usable.push(dimension);
  for (const [i, one] of usable.entries()) for (const other of usable.slice(i + 1)) await addCut([one, other]);
  if (cuts.length === 0) throw withoutCut(request, named, place);
  const isMaterial = (c: Contribution): boolean => moved === 0 || Math.abs(c.total / moved) >= LEAST;
  const causes = cuts
    .flatMap(({ dimensions, contributions }) =>
      contributions
        .filter(isMaterial)
        .map((c) => ({ ...c, dimensions, shareOfMove: moved === 0 ? 0 : c.total / moved })),
    )
    .sort((a, b) => b.strength - a.strength || a.dimensions.length - b.dimensions.length)
    .slice(0, MOST_CAUSES);
  const strongest = ({ contributions }: Cut): number =>
    Math.max(...contributions.filter(isMaterial).map((c) => c.strength), 0);
  return { kind: target.kind, before, after, causes, cuts: cuts.sort((a, b) => strongest(b) - strongest(a)) };
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a));

function targetOf(engine: Engine, { measure, volume }: MoveRequest, place: string): Target {
  const node = engine.catalog.measures.get(measure);
  if (!node) {
    const names = [...engine.catalog.measures.keys()];
    throw new TesseraError("mining-invalid", phrase`measure "${measure}" not found${didYouMean(measure, names)}`, {
      place: `${place} › measure`,
    });
  }
  const date = dateRoleOf(cubeOf(engine, place, node.cube), place);
  const { formula } = node;
  if (formula?.t === "binary" && formula.op === "/") {
    const { left, right } = formula;
    if (left.t === "measure" && right.t === "measure") return { kind: "rate", top: left.name, base: right.name, date };
  }
  return { kind: volume === undefined ? "amount" : "volume", top: measure, base: volume ?? null, date };
}

function decompose({ kind }: Target, parts: readonly Part[]): Decomposed {
  if (kind === "rate") return decomposeRate(parts);
  return kind === "volume" ? decomposeVolume(parts) : decomposeAmount(parts);
}

const withoutCut = ({ measure }: MoveRequest, named: readonly string[], place: string): TesseraError =>
  new TesseraError(
    "mining-invalid",
    named.length === 0
      ? "no dimension to look at"
      : phrase`measure "${measure}" does not add up over ${named.join(", ")}`,
    {
      place: `${place} › dimensions`,
      remedy: "name attributes that divide the rows of the measure's cube, and a sum, a count, or one over another",
    },
  );

const MOST_USUAL = 8;
const MOST_OWN = 4;
/** An attribute with more members identifies single things and does not show where to look. */
const MOST_VALUES = 60;

/**
 * The attributes a cube is usually cut by: its own of few members, and the upper levels of its dimensions' hierarchies.
 */
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
  // the cube's own attributes come first: they are few, and specific to these facts
  for (const member of own) if (usual.length < MOST_OWN && (await few(member))) usual.push(member);
  for (const member of levels) if (usual.length < MOST_USUAL && (await few(member))) usual.push(member);
  return usual;
}

/** Each member of the dimensions before and after; one part in all without dimensions. */
async function partsOf(
  engine: Engine,
  request: MoveRequest,
  { top, base, date }: Target,
  dimensions: readonly string[],
  options: RunOptions,
): Promise<Part[]> {
  const measures = base === null ? [top] : [top, base];
  const parts = new Map<string, { -readonly [field in keyof Part]: Part[field] }>();
  for (const side of ["before", "after"] as const) {
    const filter = { member: date, operator: "in_range" as const, values: [...request[side]] };
    const filters = [...(request.filters ?? []), filter];
    const { rows } = await engine.query({ measures, dimensions, filters, limit: MOST_MEMBERS }, options);
    for (const row of rows) {
      const member = dimensions.map((d) => String(row[d] ?? "(unknown)")).join(" · ");
      const part = parts.get(member) ?? { member, before: 0, after: 0, baseBefore: 0, baseAfter: 0 };
      part[side] += Number(row[top] ?? 0);
      part[side === "before" ? "baseBefore" : "baseAfter"] += base === null ? 0 : Number(row[base] ?? 0);
      parts.set(member, part);
    }
  }
  return [...parts.values()];
}
