/** The types of an open project. */
import type { CatalogView } from "../../engine/model/catalog-view.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { Asked, SpreadBy, TypedCell, TypedCompare, TypedQuery, TypedResult } from "../../engine/model/typed.ts";
import type {
  CampaignDraw,
  CampaignPlan,
  Allocation,
  AllocationRequest,
  Attribution,
  AttributionRequest,
  BandRequest,
  Bands,
  ExperimentRequest,
  ExperimentVerdict,
  Findings,
  Move,
  MoveRequest,
  Outlook,
  OutlookRequest,
  RuleAudience,
  RuleAudienceRequest,
} from "../../engine/mining/index.ts";
import type { DrillRequest } from "../../engine/query/language/drill-request.ts";
import type { DrillthroughRequest } from "../../engine/query/language/drill-request.ts";
import type { Explanation } from "../../engine/query/inspect/explain.ts";
import type { MemberList } from "../../engine/query/inspect/member-list.ts";
import type { Column, Query, Result, Row, Value } from "../../engine/model/query.ts";
import type { Difference } from "../../engine/query/answer/shadow.ts";
import type { SegmentRule, SegmentSize } from "../../engine/query/inspect/segment-size.ts";
import type { Manifest, UsageEntry } from "../../engine/warehouse/index.ts";
import type { Problem } from "../../engine/errors/index.ts";
import type { RunMineOptions } from "../mine/run-mine.ts";
import type { MineSummary } from "../mine/mine-in-process.ts";
import type { RunLoadOptions } from "../run/run-load.ts";
import type { RunSummary } from "../runs/run.ts";
import type { DataAge } from "./data-age.ts";
import type { Lineage, LineageTable } from "./lineage.ts";

/** Options of every question. */
export interface QueryOptions {
  /** an open data version; default the current one */
  readonly version?: number;
  /** cancels the question */
  readonly signal?: AbortSignal;
  /** a role of the project, which restricts rows and members; default: the owner, who sees everything */
  readonly role?: string;
  /** the caller's name in the query log; default the role, else `owner` */
  readonly caller?: string;
  /** milliseconds after which the query is stopped; default: never */
  readonly timeoutMs?: number;
  /** the caller writes the query log itself by `note`, including answers from its cache; default false */
  readonly unnoted?: boolean;
}

/** How an answer is made: its statement, formulas, rollups and row rules, and the tables and loads behind it. */
export interface Provenance extends Explanation {
  readonly tables: readonly LineageTable[];
}

/** An open project: typed for an imported config, untyped for a folder. */
export interface OpenProject<P extends ProjectSpec = ProjectSpec> {
  readonly spec: P;
  /** folder of `tessera.config.ts` */
  readonly folder: string;
  /** folder of the warehouse */
  readonly warehouse: string;
  /** why another version is served than the pointer names; empty normally */
  readonly warnings: readonly Problem[];
  /** Serves the version that the pointer names now. */
  refresh(): Promise<void>;
  /** Everything that can be asked, as the role sees it. */
  catalog(options?: QueryOptions): CatalogView;
  /** Problems of the model with the warehouse's schema; others are found when a project is opened. */
  modelProblems(): readonly Problem[];
  /** The version's manifest. @throws TesseraError `no-version` before the first load */
  manifest(options?: QueryOptions): Manifest;
  /** Adds an entry to the query log for a question that was answered elsewhere: names of members, never values. */
  note(entry: UsageEntry): void;
  /** Answers a query. @throws TesseraError `query-invalid`, `unknown-member`, `no-version`, `forbidden`, … */
  readonly query: QueryMethod<P>;
  /** The answer as an Arrow IPC stream; texts are dictionaries. */
  arrow(query: Query, options?: QueryOptions): Promise<Uint8Array>;
  /** The answer's rows as a Parquet file. */
  parquet(query: Query, options?: QueryOptions): Promise<Uint8Array>;
  /** How the answer to a query is made. */
  readonly explain: AskMethod<P, unknown, Query, Provenance>;
  /** The tables, jobs, source columns and loads behind a member. @throws TesseraError `unknown-member` */
  lineage(member: string, options?: QueryOptions): Promise<Lineage>;
  /** The day of each cube's newest fact, and the jobs that fill it. */
  dataAge(options?: QueryOptions): Promise<DataAge>;
  /** The source rows of a cell. */
  readonly drillthrough: AskMethod<P, TypedCell<P>, DrillthroughRequest, Result>;
  /** The next query from a cell: a level down or up its hierarchy, or to another attribute. */
  drill(request: DrillRequest, options?: QueryOptions): Query;
  /** Values of an attribute. @param request `search`: part of a value; `limit` */
  members(
    member: string,
    request?: { readonly search?: string; readonly limit?: number },
    options?: QueryOptions,
  ): Promise<{ readonly values: readonly Value[]; readonly truncated: boolean }>;
  /** Campaigns with a random control group: the outcomes of treated and control group compared. */
  experiment(request: ExperimentRequest, options?: QueryOptions): Promise<readonly ExperimentVerdict[]>;
  /** Response curves of channels, and the recommended split of a budget. */
  allocation(request: AllocationRequest, options?: QueryOptions): Promise<Allocation>;
  /** Credit of each channel for the outcomes. */
  attribution(request: AttributionRequest, options?: QueryOptions): Promise<Attribution>;
  /** Forecast of the rest of a goal's period, and what is needed to reach the goal. */
  outlook(request: OutlookRequest, options?: QueryOptions): Promise<Outlook>;
  /** Drivers of a change between two periods, by dimensions; their parts add up exactly. */
  move(request: MoveRequest, options?: QueryOptions): Promise<Move & { readonly told: Findings }>;
  /** Each period of a measure with its expected band. */
  bands(request: BandRequest, options?: QueryOptions): Promise<Bands>;
  /** The customers for whom a rule of products bought together holds in part. */
  ruleAudience(request: RuleAudienceRequest, options?: QueryOptions): Promise<RuleAudience>;
  /** Draws the contacts and the control group of a campaign's plan; nothing is written. */
  drawCampaign(plan: CampaignPlan, options?: QueryOptions): Promise<CampaignDraw>;
  /** Loads jobs (default all) in a process of its own; the new version is served afterwards. */
  load(jobs?: readonly string[], options?: Omit<RunLoadOptions, "folder" | "jobs">): Promise<RunSummary>;
  /** Mines models (default all) in a process of its own; the new version is served afterwards. */
  mine(models?: readonly string[], options?: Omit<RunMineOptions, "folder" | "models">): Promise<MineSummary>;
  /** How many members of `over` pass the filters, and how many there are. */
  segmentSize(rule: SegmentRule, options?: QueryOptions): Promise<SegmentSize>;
  /** The members of `over` that pass the filters now, with attributes. */
  memberList(rule: SegmentRule, attributes: readonly string[], options?: QueryOptions): Promise<MemberList>;
  /** Rows of a warehouse table by a statement of our own code with parameters; never pass text from a request. */
  sql(
    statement: string,
    parameters?: readonly Value[],
    options?: QueryOptions,
  ): Promise<{ readonly columns: readonly Column[]; readonly rows: readonly Row[] }>;
  /** Closes the project and its versions. */
  close(): Promise<void>;
}

/** Answers a query: for an imported config the compiler knows members, joinable pairs and rows. */
export type QueryMethod<P extends ProjectSpec, Options = QueryOptions> = ProjectSpec extends P
  ? (query: Query, options?: Options) => Promise<Result>
  : <
      const Ms extends readonly Asked<P>[],
      const D extends SpreadBy<P, NoInfer<Ms>> = never,
      const C extends TypedCompare<P> | undefined = undefined,
      const E extends boolean = false,
    >(
      query: TypedQuery<P, Ms, D, C, E>,
      options?: Options,
    ) => Promise<TypedResult<P, Ms, D, C, E>>;
/** A question in the form of a query with another answer. */
export type AskMethod<P extends ProjectSpec, More, Untyped, Answer, Options = QueryOptions> = ProjectSpec extends P
  ? (query: Untyped, options?: Options) => Promise<Answer>
  : <
      const Ms extends readonly Asked<P>[],
      const D extends SpreadBy<P, NoInfer<Ms>> = never,
      const C extends TypedCompare<P> | undefined = undefined,
    >(
      query: TypedQuery<P, Ms, D, C, boolean> & More,
      options?: Options,
    ) => Promise<Answer>;

/** How a project is opened. */
export interface OpenOptions {
  /** the clock; default the system's */
  readonly clock?: () => Date;
  /** of DuckDB, for example `2GB`, shared by the open versions; default that of the project */
  readonly memoryLimit?: string;
  /** of DuckDB; default that of the project */
  readonly threads?: number;
  /** queries that run at the same time */
  readonly connections?: number;
  /** opens a project although its model has problems, to find all of them; default false */
  readonly despiteProblems?: boolean;
  /**
   * Answers one query in so many a second time, from the facts, after its answer was given; differences are reported,
   * and are in the query log as `differs`. Default: never
   */
  readonly shadow?: {
    readonly oneIn: number;
    readonly onDifference: (query: Query, differences: readonly Difference[]) => void;
  };
}
