/** What a kind of source brings: how it is read, how it is tested, and its dialect of SQL. */
import type { Job } from "../declare/job.ts";
import type { Environment } from "../declare/secret.ts";
import type { Source } from "../declare/sources/source.ts";
import type { ExtractContext, Extracted } from "./extracted.ts";
import type { SqlWriter } from "./kysely-dialects.ts";

/** A source by its kind. */
export type SourceOf<K extends Source["kind"]> = Extract<Source, { readonly kind: K }>;
/** What a job says about reading a source of a kind. */
export type ExtractOf<K extends Source["kind"]> = Extract<Job, { readonly source: SourceOf<K> }>["extract"];

/** What testing a source needs. */
export interface TestContext {
  /** the project's folder, for relative paths */
  readonly folder: string;
  readonly environment: Environment;
  /** the source, as errors name it */
  readonly place: string;
}

/** A kind of source. */
export interface SourceKind<K extends Source["kind"] = Source["kind"]> {
  /** Reads the source into the job's raw table and its table of bad rows. */
  extract(context: ExtractContext, source: SourceOf<K>, extract: ExtractOf<K>): Promise<Extracted>;
  /** Whether the source answers, without reading it, in a few words such as `12 tables`. */
  test(source: SourceOf<K>, context: TestContext): Promise<string>;
  /** whether a job can read its keys alone, to find rows that are gone from the source */
  readonly readsKeysAlone: boolean;
  /** writes the SQL of queries that are made with Kysely; absent for sources without SQL */
  readonly sql?: SqlWriter;
}
