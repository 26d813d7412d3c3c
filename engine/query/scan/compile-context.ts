/** What the SQL of one query is made from. */
import type { Catalog } from "../../model/catalog.ts";
import type { Select } from "../../sql/tree.ts";
import type { Binding } from "../binding/binding.ts";
import type { HistoryMode } from "../resolve/history-mode.ts";
import type { Condition } from "../resolve/nodes.ts";

/** The model, the warehouse and the caller's rules, for scans. */
export interface CompileContext {
  readonly catalog: Catalog;
  readonly binding: Binding;
  readonly history: HistoryMode;
  /** the zone in which moments become days; null: each calendar's own */
  readonly timeZone: string | null;
  /** row rules of the caller's role; none for the owner */
  readonly rules: readonly Condition[];
  /** the model as the caller sees it, for the names in errors */
  readonly visible: Catalog;
  /** keys of a segment's members, as one column */
  readonly segmentKeys: (segment: string) => Select;
  /** the same for a segment in a row rule: no row rules restrict it */
  readonly ruleSegment: (segment: string) => Select;
}
