/** An opened project: what CLI, API and notebooks call. */
import type { CatalogView } from "../engine/model/catalog-view.ts";
import type { ProjectSpec } from "../engine/model/project.ts";
import type { Query, Result, Row, Value } from "../engine/query/query.ts";
import type { Manifest } from "../engine/warehouse/version.ts";
import type { Column } from "../engine/query/query.ts";

export interface QueryOptions {
  /** a role of the project; without it the owner asks, unrestricted */
  readonly role?: string;
  /** a data version other than the current one */
  readonly version?: number;
  readonly signal?: AbortSignal;
}

export interface Explanation {
  readonly sql: readonly string[];
  readonly plan: string;
  /** one entry a measure: the formula, leaf by leaf, and the tables read */
  readonly measures: readonly { readonly member: string; readonly formula: string; readonly tables: readonly string[] }[];
  readonly rollups: readonly { readonly name: string; readonly used: boolean; readonly reason: string }[];
}

export interface DrillthroughRequest extends Query {
  /** the cell: one value for each dimension of the query it was taken from */
  readonly cell?: { readonly [member: string]: Value };
}

export interface OpenProject {
  readonly spec: ProjectSpec;
  /** folder of `tessera.config.ts` */
  readonly folder: string;
  catalog(options?: QueryOptions): CatalogView;
  manifest(options?: QueryOptions): Manifest;
  query(query: Query, options?: QueryOptions): Promise<Result>;
  /** the same answer as an Arrow IPC stream; string dimensions are dictionaries */
  arrow(query: Query, options?: QueryOptions): Promise<Uint8Array>;
  explain(query: Query, options?: QueryOptions): Promise<Explanation>;
  drillthrough(request: DrillthroughRequest, options?: QueryOptions): Promise<Result>;
  members(member: string, request?: { readonly search?: string; readonly limit?: number }, options?: QueryOptions): Promise<{ readonly values: readonly Value[]; readonly truncated: boolean }>;
  /** rows of a warehouse table by a statement of our own code with parameters; never text from a request */
  sql(statement: string, parameters?: readonly Value[], options?: QueryOptions): Promise<{ readonly columns: readonly Column[]; readonly rows: readonly Row[] }>;
  close(): Promise<void>;
}
