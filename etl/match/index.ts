export { defineMatch, type MatchSpec } from "../declare/match.ts";
export { keyName, type GoldenSpec, type MatchField, type MatchKind, type Survivor } from "../declare/match-rules.ts";
export {
  decide,
  decisionsOf,
  entryText,
  pairId,
  parseEntry,
  parsePair,
  type EntryId,
  type IdentityDecision,
} from "./decisions.ts";
export type { MatchReport } from "./match-report.ts";
