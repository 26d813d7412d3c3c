/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Lists for people and systems: making one, and what became of those made. */
import type { HtmlEscapedString } from "hono/utils/html";
import {
  destinationsOf,
  listLists,
  missingSettings,
  type ListDestination,
  type ListStatus,
  type ListView,
} from "../../../etl/index.ts";
import { withState } from "../../http/loads.ts";
import type { Services } from "../../http/services.ts";
import { count, Instant } from "../data/status.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";

const TONES: { readonly [status in ListStatus]: string } = {
  making: "accent",
  dry: "",
  delivered: "good",
  failed: "bad",
};
const KINDS = { csv: "CSV file", table: "database table", webhook: "webhook" } as const;
const ASSIGNED = { territory: "by territory", load: "by who has least to do", score: "by score" } as const;

export const ListBadge = ({ status }: { readonly status: ListStatus }) => (
  <span class={`badge ${TONES[status]}`}>{status}</span>
);

const DestinationRow = ({ of }: { readonly of: ListDestination }) => {
  const missing = missingSettings(of.to, process.env);
  return (
    <tr>
      <td class="text">
        <span class="strong">{of.title ?? of.name}</span> <code class="faint">{of.name}</code>
        {of.description ? <div class="faint small">{of.description}</div> : null}
      </td>
      <td>{KINDS[of.to.kind]}</td>
      <td>
        {missing.length > 0 ? (
          <span class="badge warn" title={`until ${missing.join(", ")} is set, lists go to the outbox`}>
            dry
          </span>
        ) : (
          <span class="badge good">set up</span>
        )}
      </td>
      <td class="text dim">{Object.keys(of.columns).join(", ")}</td>
      <td class="dim">{of.assign ? ASSIGNED[of.assign.by] : <span class="faint">nobody</span>}</td>
      <td class="dim">
        <code>{of.contact.consent}</code>
      </td>
    </tr>
  );
};

export const ListsTable = ({ lists }: { readonly lists: readonly ListView[] }) => (
  <div class="table-wrap">
    <table class="data">
      <thead>
        <tr>
          <th>List</th>
          <th>Whom</th>
          <th>Destination</th>
          <th>Made</th>
          <th>By</th>
          <th>State</th>
          <th class="num">Found</th>
          <th class="num">Withheld</th>
          <th class="num">Listed</th>
          <th class="num">Delivered</th>
        </tr>
      </thead>
      <tbody>
        {lists.map((list) => (
          <tr>
            <td>
              <a class="link mono" href={`/lists/${encodeURIComponent(list.id)}`}>
                {list.id}
              </a>
            </td>
            <td>{list.audience}</td>
            <td class="dim">{list.destination}</td>
            <td>
              <Instant at={list.madeAt} />
            </td>
            <td class="dim">{list.madeBy}</td>
            <td>
              <ListBadge status={list.status} />
            </td>
            <td class="num">{count(list.found)}</td>
            <td class="num">{count(list.withheld)}</td>
            <td class="num">{count(list.entries)}</td>
            <td class="num">{list.status === "delivered" || list.delivered > 0 ? count(list.delivered) : ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

export const listsPage = async (services: Services): Promise<HtmlEscapedString> => {
  const { project } = services;
  const frame = await frameOf(services, "Lists", "/lists");
  const destinations = destinationsOf(project.spec);
  const lists = await withState(project, (state) => listLists(state));
  const segments = (project.spec.segments ?? []).filter((segment) =>
    destinations.some((each) => each.over === segment.over),
  );
  return documentOf(
    <Layout frame={frame}>
      <Head
        title="Lists"
        description="Members of a segment for the people and systems that act on them. Nobody without consent, or on the do-not-contact list, is in any."
      />
      <div class="stack">
        {destinations.length > 0 && segments.length > 0 && frame.manifest !== null ? (
          <article class="card">
            <header>
              <h2>Make a list</h2>
            </header>
            <form class="body actions" method="post" action="/lists">
              <label class="dim">
                Of{" "}
                <select name="segment" class="input">
                  {segments.map((segment) => (
                    <option value={segment.name}>{segment.title ?? segment.name}</option>
                  ))}
                </select>
              </label>
              <label class="dim">
                for{" "}
                <select name="to" class="input">
                  {destinations.map((each) => (
                    <option value={each.name}>{each.title ?? each.name}</option>
                  ))}
                </select>
              </label>
              <button class="button primary" type="submit">
                Make list
              </button>
            </form>
          </article>
        ) : null}
        <article class="card">
          <header>
            <h2>Lists made</h2>
          </header>
          {lists.length === 0 ? (
            <div class="empty">
              <strong>No list yet</strong>Make one here, or <code>tessera export SEGMENT --to TARGET</code> in a
              terminal.
            </div>
          ) : (
            <ListsTable lists={lists} />
          )}
        </article>
        {destinations.length > 0 ? (
          <article class="card">
            <header>
              <h2>Destinations</h2>
            </header>
            <div class="table-wrap">
              <table class="data">
                <thead>
                  <tr>
                    <th>Destination</th>
                    <th>Kind</th>
                    <th>State</th>
                    <th>Columns</th>
                    <th>Assigned</th>
                    <th>Consent</th>
                  </tr>
                </thead>
                <tbody>
                  {destinations.map((each) => (
                    <DestinationRow of={each} />
                  ))}
                </tbody>
              </table>
            </div>
          </article>
        ) : (
          <div class="empty">
            <strong>No destination</strong>Declare one with <code>defineDestination</code> in tessera.config.ts.
          </div>
        )}
      </div>
    </Layout>,
  );
};
