/** What an opened project can be asked. */
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
import type { Lineage, LineageTable } from "./lineage.ts";

export interface QueryOptions {
  /** a data version other than the current one; it must be open */
  readonly version?: number;
  readonly signal?: AbortSignal;
  /** a role of the project: its rows, members and masks hold. Without one the owner asks, who sees everything */
  readonly role?: string;
  /** who asks, for the usage log: a key's name; default the role, else `owner` */
  readonly caller?: string;
  /** the query is stopped in the engine after this long */
  readonly timeoutMs?: number;
  /** the caller notes its questions by itself (`note`), answers that it kept among them: each is in the query log once */
  readonly unnoted?: boolean;
}

/** How an answer came about: its statement, formulas, rollups and row rules, and the tables and loads behind it. The source rows of a cell: `drillthrough`. */
export interface Provenance extends Explanation {
  readonly tables: readonly LineageTable[];
}

/** The part of an open project that asks; typed where the config was imported, untyped where a folder was opened. */
export interface OpenProject<P extends ProjectSpec = ProjectSpec> {
  readonly spec: P;
  /** folder of `tessera.config.ts` */
  readonly folder: string;
  /** folder of the warehouse */
  readonly warehouse: string;
  /** why the version served is not the one that the pointer names; empty when it is */
  readonly warnings: readonly Problem[];
  /** Looks at the pointer now, and serves the version it names. */
  refresh(): Promise<void>;
  catalog(options?: QueryOptions): CatalogView;
  /** what the warehouse's schema shows to be wrong with the model; the rest is found when a project is opened */
  modelProblems(): readonly Problem[];
  /** @throws TesseraError `no-version` before the first load */
  manifest(options?: QueryOptions): Manifest;
  /** Writes into the query log what was asked elsewhere of this project: names of members, never values. */
  note(entry: UsageEntry): void;
  readonly query: QueryMethod<P>;
  /** the same answer as an Arrow IPC stream; string dimensions are dictionaries */
  arrow(query: Query, options?: QueryOptions): Promise<Uint8Array>;
  /** the same answer's rows as a Parquet file */
  parquet(query: Query, options?: QueryOptions): Promise<Uint8Array>;
  readonly explain: AskMethod<P, unknown, Query, Provenance>;
  /** A measure or attribute back to the tables, jobs, source columns and loads behind it. @throws TesseraError `unknown-member` */
  lineage(member: string, options?: QueryOptions): Promise<Lineage>;
  readonly drillthrough: AskMethod<P, TypedCell<P>, DrillthroughRequest, Result>;
  /** The next question from a cell: a level down or up its hierarchy, or across to another attribute. */
  drill(request: DrillRequest, options?: QueryOptions): Query;
  members(
    member: string,
    request?: { readonly search?: string; readonly limit?: number },
    options?: QueryOptions,
  ): Promise<{ readonly values: readonly Value[]; readonly truncated: boolean }>;
  /** Campaigns with a random hold-out: each outcome of the treated against the held out. */
  experiment(request: ExperimentRequest, options?: QueryOptions): Promise<readonly ExperimentVerdict[]>;
  /** Response curves of channels, and the split of a budget that they recommend. */
  allocation(request: AllocationRequest, options?: QueryOptions): Promise<Allocation>;
  attribution(request: AttributionRequest, options?: QueryOptions): Promise<Attribution>;
  /** "Shall we make it?": what the rest of a goal's period will bring, and what it would have to. */
  outlook(request: OutlookRequest, options?: QueryOptions): Promise<Outlook>;
  /** "Why did it move?": a change between two periods taken apart by dimensions, exactly. */
  move(request: MoveRequest, options?: QueryOptions): Promise<Move & { readonly told: Findings }>;
  /** Each period of a measure beside the band that was to be expected. */
  bands(request: BandRequest, options?: QueryOptions): Promise<Bands>;
  /** Whom a rule of what is bought together could be told to. */
  ruleAudience(request: RuleAudienceRequest, options?: QueryOptions): Promise<RuleAudience>;
  /** Whom a campaign's plan would contact and hold out; nothing is written. */
  drawCampaign(plan: CampaignPlan, options?: QueryOptions): Promise<CampaignDraw>;
  /** What `tessera load` does: jobs (all without names) in a process of their own; the new version is served when it resolves. */
  load(jobs?: readonly string[], options?: Omit<RunLoadOptions, "folder" | "jobs">): Promise<RunSummary>;
  /** What `tessera mine` does. */
  mine(models?: readonly string[], options?: Omit<RunMineOptions, "folder" | "models">): Promise<MineSummary>;
  /** how many members of `over` pass the filters, counted as a stored segment's are, and how many there are */
  segmentSize(rule: SegmentRule, options?: QueryOptions): Promise<SegmentSize>;
  /** the members of `over` that pass the filters, as they are now, with attributes of their own */
  memberList(rule: SegmentRule, attributes: readonly string[], options?: QueryOptions): Promise<MemberList>;
  /** rows of a warehouse table by a statement of our own code with parameters; never text from a request */
  sql(
    statement: string,
    parameters?: readonly Value[],
    options?: QueryOptions,
  ): Promise<{ readonly columns: readonly Column[]; readonly rows: readonly Row[] }>;
  close(): Promise<void>;
}

/** Untyped for a folder's project; for an imported config, members, joinable pairs and rows are known to the compiler. */
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
/** What is asked like a query, and answered otherwise. */
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

export interface OpenOptions {
  /** the clock; tests fix it */
  readonly clock?: () => Date;
  /** DuckDB's words, for example `2GB`; shared by the versions that are open */
  readonly memoryLimit?: string;
  readonly threads?: number;
  readonly connections?: number;
  /** opens a project whose model has problems, for whoever looks for all of them; what they are about cannot be asked */
  readonly despiteProblems?: boolean;
  /** One query in so many is answered a second time by a plain plan from the facts, after its answer was given; differences are reported, and stand in the usage log as `differs`. */
  readonly shadow?: {
    readonly oneIn: number;
    readonly onDifference: (query: Query, differences: readonly Difference[]) => void;
  };
}
