/** What the SQL of one query is made from. */
import type { History } from "../resolve/history-mode.ts";
import type { Catalog } from "../../model/catalog.ts";
import type { Select } from "../../sql/tree.ts";
import type { Binding } from "../binding/binding.ts";
import type { Condition } from "../resolve/nodes.ts";

export interface CompileContext {
  readonly catalog: Catalog;
  readonly binding: Binding;
  readonly history: History;
  /** moves timestamps, in place of the calendar's own zone */
  readonly timeZone: string | null;
  /** row rules of the caller's role; none for the owner */
  readonly rules: readonly Condition[];
  /** the model as the caller sees it, for the names in errors */
  readonly visible: Catalog;
  /** keys of the segment's members, as one column */
  segmentKeys(segment: string): Select;
  /** the same for a row rule, which is no caller's question: without row rules */
  ruleSegment(segment: string): Select;
}
