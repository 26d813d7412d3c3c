/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** One list: its figures, who works on it, and the outcomes that came back. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import { assigneesOf, getList } from "../../../etl/index.ts";
import { withState } from "../../http/loads.ts";
import type { Services } from "../../http/services.ts";
import { count } from "../data/status.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { ListBadge } from "./lists-page.tsx";

interface Outcome {
  readonly assignee: string | null;
  readonly outcome: string;
  readonly entries: number;
}

/** As the served version has them; a list made after it has none yet. */
async function outcomesOf({ project }: Services, id: string): Promise<readonly Outcome[]> {
  try {
    const { rows } = await project.sql(
      "SELECT assignee, outcome, count(*) AS entries FROM tessera_list_entries WHERE list_id = $1 GROUP BY ALL ORDER BY entries DESC, outcome, assignee",
      [id],
    );
    return rows.map((row) => ({
      assignee: row["assignee"] === null ? null : String(row["assignee"]),
      outcome: String(row["outcome"]),
      entries: Number(row["entries"]),
    }));
  } catch (error) {
    if (error instanceof TesseraError) return [];
    throw error;
  }
}

export const listPage = async (id: string, services: Services): Promise<HtmlEscapedString> => {
  const { list, people } = await withState(services.project, (state) => ({
    list: getList(state, id),
    people: assigneesOf(state, id),
  }));
  const frame = await frameOf(services, `List ${id}`, "/lists");
  const outcomes = await outcomesOf(services, id);
  const kinds = [...new Set(outcomes.map((each) => each.outcome))];
  const of = (assignee: string | null, outcome: string): number =>
    outcomes.find((each) => each.assignee === assignee && each.outcome === outcome)?.entries ?? 0;
  return documentOf(
    <Layout frame={frame}>
      <Head
        title={`List ${list.id}`}
        description={`${list.audience}, made for ${list.destination} on ${list.madeAt.slice(0, 16).replace("T", " ")} by ${list.madeBy}, from version ${list.version}.`}
      >
        <ListBadge status={list.status} />
        <a class="button bare" href="/lists">
          All lists
        </a>
      </Head>
      {list.status === "failed" ? (
        <div class="notice bad">
          <div>
            <strong>{list.detail}</strong>
            <div class="dim">
              {list.delivered > 0 ? `${count(list.delivered)} entries arrived before. ` : "Nothing arrived. "}Make the
              list again when the target answers.
            </div>
          </div>
        </div>
      ) : null}
      <div class="stack">
        <article class="card">
          <header>
            <h2>Whom</h2>
          </header>
          <p class="note">
            <b>{count(list.found)}</b> found − <b>{count(list.withheld)}</b> withheld for want of consent ={" "}
            <b>{count(list.entries)}</b> listed
            {list.status === "delivered" ? (
              <>
                , <b>{count(list.delivered)}</b> delivered to <code>{list.detail}</code>
              </>
            ) : list.status === "dry" ? (
              <>
                , written to <code>{list.detail}</code>
              </>
            ) : null}
          </p>
        </article>
        <article class="card">
          <header>
            <h2>Who works on it</h2>
            <span class="faint small">
              {outcomes.length > 0 ? "with the outcomes that came back" : "outcomes show after the next load"}
            </span>
          </header>
          <div class="table-wrap">
            <table class="data">
              <thead>
                <tr>
                  <th>Person</th>
                  <th class="num">Entries</th>
                  {kinds.map((kind) => (
                    <th class="num">{kind}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {people.map(({ assignee, entries }) => (
                  <tr>
                    <td>{assignee ?? <span class="faint">nobody</span>}</td>
                    <td class="num">{count(entries)}</td>
                    {kinds.map((kind) => (
                      <td class="num">{count(of(assignee, kind))}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </article>
      </div>
    </Layout>,
  );
};
