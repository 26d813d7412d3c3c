/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** One list: its figures, its assignees, and the outcomes that came back. */
import type { HtmlEscapedString } from "hono/utils/html";
import { assigneesOf, getList, type ListView } from "../../../etl/index.ts";
import { formatCount } from "../../charts/index.ts";
import { withProjectState } from "../../services/project-state.ts";
import type { Services } from "../../services/services.ts";
import { ignoreErrors } from "../../services/settled.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { Prose } from "../parts/prose.tsx";
import { useWords } from "../parts/words.ts";
import { ListBadge } from "./lists-page.tsx";

interface Outcome {
  readonly assignee: string | null;
  readonly outcome: string;
  readonly entries: number;
}

const OUTCOMES = `SELECT assignee, outcome, count(*) AS entries
  FROM tessera_list_entries
  WHERE list_id = $1
  GROUP BY ALL
  ORDER BY entries DESC, outcome, assignee`;

/** Outcomes in the current data version; none for a list made after it. */
async function outcomesOf({ project }: Services, id: string): Promise<readonly Outcome[]> {
  const found = await ignoreErrors(project.sql(OUTCOMES, [id]));
  return (found?.rows ?? []).map((row) => ({
    assignee: row["assignee"] === null ? null : String(row["assignee"]),
    outcome: String(row["outcome"]),
    entries: Number(row["entries"]),
  }));
}

const Bold = ({ count }: { readonly count: number }) => <b>{formatCount(count)}</b>;

const Audience = ({ list }: { readonly list: ListView }) => {
  const { lists } = useWords();
  const words = lists.page;
  const target = <code>{list.detail}</code>;
  const slots = {
    found: <Bold count={list.found} />,
    withheld: <Bold count={list.withheld} />,
    listed: <Bold count={list.entries} />,
    count: <Bold count={list.delivered} />,
    target,
  };
  return (
    <Card title={lists.audience}>
      <p class="note">
        <Prose text={words.accounting} slots={slots} />
        {list.status === "delivered" ? (
          <>
            , <Prose text={words.delivered} slots={slots} />
          </>
        ) : null}
        {list.status === "dry" ? (
          <>
            , <Prose text={words.written} slots={slots} />
          </>
        ) : null}
      </p>
    </Card>
  );
};

const Failure = ({ list }: { readonly list: ListView }) => {
  const words = useWords().lists.page;
  return list.status !== "failed" ? null : (
    <div class="notice bad">
      <div>
        <strong>{list.detail}</strong>
        <div class="dim">
          {list.delivered > 0 ? words.partial(formatCount(list.delivered)) : words.nothing} {words.retry}
        </div>
      </div>
    </div>
  );
};

interface AssigneesProps {
  readonly people: ReturnType<typeof assigneesOf>;
  readonly outcomes: readonly Outcome[];
}

const Assignees = ({ people, outcomes }: AssigneesProps) => {
  const { lists } = useWords();
  const words = lists.page;
  const kinds = [...new Set(outcomes.map(({ outcome }) => outcome))];
  const entriesOf = (assignee: string | null, kind: string): number =>
    outcomes.find((each) => each.assignee === assignee && each.outcome === kind)?.entries ?? 0;
  return (
    <Card title={words.assignees} aside={outcomes.length > 0 ? words.outcomes : words.outcomesLater}>
      <div class="table-wrap">
        <table class="data">
          <TableHead columns={[words.person, { number: words.entries }, ...kinds.map((kind) => ({ number: kind }))]} />
          <tbody>
            {people.map(({ assignee, entries }) => (
              <tr>
                <td>{assignee ?? <span class="faint">{lists.unassigned}</span>}</td>
                <td class="num">{formatCount(entries)}</td>
                {kinds.map((kind) => (
                  <td class="num">{formatCount(entriesOf(assignee, kind))}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
};

/** @throws TesseraError `not-found` */
export const listPage = async (id: string, services: Services): Promise<HtmlEscapedString> => {
  const words = services.words.lists.page;
  const { list, people } = await withProjectState(services.project, (state) => ({
    list: getList(state, id),
    people: assigneesOf(state, id),
  }));
  const [frame, outcomes] = await Promise.all([frameOf(services, words.title(id), "/lists"), outcomesOf(services, id)]);
  const madeAt = list.madeAt.slice(0, 16).replace("T", " ");
  const { audience, destination, madeBy, version } = list;
  return documentOf(
    <Layout frame={frame}>
      <Head
        title={words.title(list.id)}
        description={words.description(audience, destination, madeAt, madeBy, String(version))}
      >
        <ListBadge status={list.status} />
        <a class="button bare" href="/lists">
          {words.all}
        </a>
      </Head>
      <Failure list={list} />
      <div class="stack">
        <Audience list={list} />
        <Assignees people={people} outcomes={outcomes} />
      </div>
    </Layout>,
  );
};
