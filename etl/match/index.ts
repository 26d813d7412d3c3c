export {
  defineMatch,
  keyName,
  type GoldenSpec,
  type MatchField,
  type MatchKind,
  type MatchSpec,
  type Survivor,
} from "../declare/match.ts";
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
export {
  matchesOf,
  matchOf,
  matchReport,
  precisionText,
  reviewPairs,
  unmerge,
  type MatchTable,
  type ReviewedEntry,
  type ReviewPair,
} from "./review.ts";
export type { MatchReport } from "./build-match.ts";
