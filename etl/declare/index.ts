/** What a project declares about its data: sources, jobs, tables, checks, matches, lists and notices. */
export { env, type Secret, type Setting } from "./secret.ts";
export * from "./sources/index.ts";
export * from "./recipes/index.ts";
export * from "./checks/index.ts";
export type { Clean, Columns, ColumnSpec, ColumnType } from "./column.ts";
export {
  defineJob,
  type CustomExtract,
  type DatabaseExtract,
  type Destination,
  type FileExtract,
  type Job,
  type JobSpec,
  type LoadMode,
  type RestExtract,
  type Schedule,
} from "./job.ts";
export { type Duration } from "./duration.ts";
export { defineMatch, type MatchSpec } from "./match.ts";
export { type GoldenSpec, type MatchField, type MatchKind, type Survivor } from "./match-rules.ts";
export {
  defineDestination,
  toCsv,
  toTable,
  toWebhook,
  type CsvTarget,
  type DestinationSpec,
  type ListAssignment,
  type ListDestination,
  type TableTarget,
  type Target,
  type WebhookTarget,
} from "./destination.ts";
export { defineNotice, toEmail, type EmailTarget, type Notice, type NoticeSpec } from "./notice.ts";
export {
  defineTable,
  type AnyTables,
  type Compilable,
  type LateMembers,
  type Table,
  type TableSpec,
} from "./table.ts";
export { definePersons, type PersonRule, type Persons, type PersonsSpec } from "./persons.ts";
