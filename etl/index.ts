export { env, type Secret, type Setting } from "./secret.ts";
export * from "./sources/index.ts";
export * from "./checks/index.ts";
export type { Clean, Columns, ColumnSpec, ColumnType } from "./column.ts";
export { defineJob, type DatabaseExtract, type Destination, type Duration, type FileExtract, type Job, type JobSpec, type LoadMode, type RestExtract, type Schedule } from "./job.ts";
export { defineTable, type AnyTables, type Compilable, type Table, type TableSpec } from "./table.ts";
