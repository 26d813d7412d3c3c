/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Runs as a table. */
import type { RunSummary } from "../../../etl/index.ts";
import { formatCount } from "../../charts/index.ts";
import { ago, duration } from "../parts/ago.ts";
import { TableHead } from "../parts/card.tsx";
import { LeftOut } from "../parts/data-table.tsx";
import { Instant } from "../parts/instant.tsx";
import { Status } from "../parts/status.tsx";
import { useWords } from "../parts/words.ts";
import { sumOf } from "./accounting.tsx";

export interface LoadsTableProps {
  readonly runs: readonly RunSummary[];
  /** shows so many; one more than these says that there are others */
  readonly most: number;
  /** the data version that is served */
  readonly current: number | null;
  readonly now: Date;
}

const RowCounts = ({ run }: { readonly run: RunSummary }) => {
  const jobs = run.steps.filter(({ kind }) => kind === "job").length;
  const sums = sumOf(run.steps);
  if (jobs === 0)
    return (
      <>
        <td class="num" />
        <td colspan={5} />
      </>
    );
  return (
    <>
      <td class="num">{jobs}</td>
      <td class="num">{formatCount(sums.read)}</td>
      <td class="num">{formatCount(sums.written)}</td>
      <td class="num">{formatCount(sums.unchanged)}</td>
      <td class="num">{formatCount(sums.deleted)}</td>
      <td class={`num ${sums.rejected > 0 ? "down" : ""}`}>{formatCount(sums.rejected)}</td>
    </>
  );
};

const RunRow = ({ run, current, now }: Omit<LoadsTableProps, "runs" | "most"> & { readonly run: RunSummary }) => {
  const { data, shared } = useWords();
  const kinds: { readonly [kind: string]: string } = data.kinds;
  const served = run.version !== null && run.version === current && run.kind !== "rollback";
  return (
    <tr>
      <td>
        <a class="link mono" href={`/data/loads/${run.id}`}>
          {run.id}
        </a>
        {run.kind === "load" ? "" : <span class="faint"> {(kinds[run.kind] ?? run.kind).toLowerCase()}</span>}
      </td>
      <td>
        <Status status={run.status} />
        {run.error ? (
          <span class="faint small clip reason" title={run.error.message}>
            {" "}
            {run.error.code}
          </span>
        ) : null}
      </td>
      <td title={ago(run.startedAt, now, shared.time)}>
        <Instant at={run.startedAt} />
      </td>
      <td class="dim">{run.startedBy}</td>
      <RowCounts run={run} />
      <td class="num dim">{run.seconds === null ? "" : duration(run.seconds * 1000)}</td>
      <td class="num">
        {run.version ?? ""}
        {served ? <span class="badge good here">{data.served}</span> : null}
      </td>
    </tr>
  );
};

export const LoadsTable = ({ runs: found, most, current, now }: LoadsTableProps) => {
  const { columns } = useWords().data;
  const runs = found.slice(0, most);
  const table = (
    <div class="table-wrap">
      <table class="data">
        <TableHead
          columns={[
            columns.load,
            columns.state,
            columns.started,
            columns.by,
            { number: columns.jobs },
            { number: columns.read },
            { number: columns.written },
            { number: columns.unchanged },
            { number: columns.deleted },
            { number: columns.rejected },
            { number: columns.took },
            { number: columns.version },
          ]}
        />
        <tbody>
          {runs.map((run) => (
            <RunRow run={run} current={current} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
  return (
    <>
      {table}
      <LeftOut shown={runs.length} whole={found.length > most ? null : found.length} />
    </>
  );
};
