/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** How old the data is: of a page, and of one tile. */
import type { Query } from "../../../engine/model/query.ts";
import { formatDate } from "../../charts/index.ts";
import { ownerOf } from "../../services/catalog-index.ts";
import type { LateJob } from "../../services/freshness.ts";
import { ago } from "./ago.ts";
import { useSetting } from "./setting.ts";
import { useWords } from "./words.ts";

const DAY_MS = 86_400_000;
/** Older data is marked. */
const OLD_DAYS = 2;

const ageOf = (day: string, now: Date): number => (now.getTime() - Date.parse(day)) / DAY_MS;

/** Sources that are late, each with the time of its last load. */
const Late = ({ late }: { readonly late: readonly LateJob[] }) => {
  const { shared } = useWords();
  const { now } = useSetting();
  if (late.length === 0) return null;
  const named = late.map(({ title, loadedAt }) =>
    loadedAt === null ? title : `${title} (${ago(loadedAt, now, shared.time)})`,
  );
  return <span class="late">{shared.late(named.join(", "))}</span>;
};

/** The line under a page's heading: what is shown, and how old it is. On paper it tells one sheet from another. */
export const Stated = ({ parts }: { readonly parts: readonly string[] }) => {
  const { shared } = useWords();
  const { now, freshness } = useSetting();
  const until = freshness?.until ?? null;
  if (until === null && parts.length === 0) return null;
  return (
    <p class="stated">
      {parts.map((part) => (
        <span class="print-only">{part}</span>
      ))}
      {until === null ? null : (
        <span class={ageOf(until, now) > OLD_DAYS ? "fresh old" : "fresh"}>
          {shared.dataOf(formatDate(until), ago(until, now, shared.time))}
        </span>
      )}
      <Late late={freshness?.late ?? []} />
    </p>
  );
};

interface AsOfProps {
  readonly measures: Query["measures"];
  /** says nothing where the page's own line says the same, for tiles without room */
  readonly brief?: boolean;
}

/** How old the data of one question is: the oldest of its cubes. */
export const AsOf = ({ measures, brief = false }: AsOfProps) => {
  const { shared } = useWords();
  const { freshness } = useSetting();
  const cubes = new Set(measures.flatMap((each) => (typeof each === "string" ? [ownerOf(each)] : [])));
  const found = [...cubes].flatMap((cube) => freshness?.cubes.get(cube) ?? []);
  const days = found.flatMap(({ until }) => until ?? []).sort();
  const late = [...new Set(found.flatMap((each) => each.late))];
  const [oldest] = days;
  if (oldest === undefined || (brief && late.length === 0 && oldest === freshness?.until)) return null;
  return (
    <span class={late.length > 0 ? "as-of old" : "as-of"} title={late.map(({ title }) => title).join(", ")}>
      {late.length > 0 ? shared.lateSince(formatDate(oldest)) : shared.until(formatDate(oldest))}
    </span>
  );
};
