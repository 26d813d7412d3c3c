/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/lists`: creating a list, the lists so far, the destinations. */
import type { HtmlEscapedString } from "hono/utils/html";
import type { SegmentSpec } from "../../../engine/model/declarations.ts";
import {
  destinationsOf,
  listLists,
  missingSettings,
  type ListDestination,
  type ListStatus,
  type ListView,
} from "../../../etl/index.ts";
import { formatCount } from "../../charts/index.ts";
import { withProjectState } from "../../services/project-state.ts";
import type { Services } from "../../services/services.ts";
import { Card, Empty, TableHead } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { Prose } from "../parts/prose.tsx";
import { Instant } from "../parts/instant.tsx";
import { useWords } from "../parts/words.ts";

const TONES: { readonly [status in ListStatus]: string } = {
  making: "accent",
  dry: "",
  delivered: "good",
  failed: "bad",
};

export const ListBadge = ({ status }: { readonly status: ListStatus }) => (
  <span class={`badge ${TONES[status]}`}>{useWords().lists.status[status]}</span>
);

/** Whether deliveries reach the destination, or go to the outbox. */
const Readiness = ({ destination }: { readonly destination: ListDestination }) => {
  const words = useWords().lists;
  const missing = missingSettings(destination.to, process.env);
  return missing.length > 0 ? (
    <span class="badge warn" title={words.dryUntil(missing.join(", "))}>
      {words.status.dry}
    </span>
  ) : (
    <span class="badge good">{words.ready}</span>
  );
};

const DestinationRow = ({ destination }: { readonly destination: ListDestination }) => {
  const words = useWords().lists;
  const { name, title, description, to, columns, assign, contact } = destination;
  return (
    <tr>
      <td class="text">
        <span class="strong">{title ?? name}</span> <code class="faint">{name}</code>
        {description ? <div class="faint small">{description}</div> : null}
      </td>
      <td>{words.kinds[to.kind]}</td>
      <td>
        <Readiness destination={destination} />
      </td>
      <td class="text dim">{Object.keys(columns).join(", ")}</td>
      <td class="dim">{assign ? words.assignedBy[assign.by] : <span class="faint">{words.unassigned}</span>}</td>
      <td class="dim">
        <code>{contact.consent}</code>
      </td>
    </tr>
  );
};

const Destinations = ({ destinations }: { readonly destinations: readonly ListDestination[] }) => {
  const words = useWords().lists;
  if (destinations.length === 0)
    return (
      <Empty title={words.noDestination}>
        <Prose text={words.noDestinationHint} />
      </Empty>
    );
  return (
    <Card title={words.destinations}>
      <div class="table-wrap">
        <table class="data">
          <TableHead
            columns={[words.destination, words.kind, words.state, words.columns, words.assigned, words.consent]}
          />
          <tbody>
            {destinations.map((destination) => (
              <DestinationRow destination={destination} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
};

const ListRow = ({ list }: { readonly list: ListView }) => (
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
    <td class="num">{formatCount(list.found)}</td>
    <td class="num">{formatCount(list.withheld)}</td>
    <td class="num">{formatCount(list.entries)}</td>
    <td class="num">{list.status === "delivered" || list.delivered > 0 ? formatCount(list.delivered) : ""}</td>
  </tr>
);

const Lists = ({ lists }: { readonly lists: readonly ListView[] }) => {
  const words = useWords().lists;
  return (
    <Card title={words.created}>
      {lists.length === 0 ? (
        <Empty title={words.none}>
          <Prose text={words.noneHint} />
        </Empty>
      ) : (
        <div class="table-wrap">
          <table class="data">
            <TableHead
              columns={[
                words.list,
                words.audience,
                words.destination,
                words.madeAt,
                words.by,
                words.state,
                { number: words.found },
                { number: words.withheld },
                { number: words.listed },
                { number: words.delivered },
              ]}
            />
            <tbody>
              {lists.map((list) => (
                <ListRow list={list} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
};

interface CreateFormProps {
  readonly segments: readonly SegmentSpec[];
  readonly destinations: readonly ListDestination[];
}

const CreateForm = ({ segments, destinations }: CreateFormProps) => {
  const words = useWords().lists;
  return (
    <Card title={words.create}>
      <form class="body actions" method="post" action="/lists" data-confirm={words.createAsk}>
        <label class="dim">
          {words.of}{" "}
          <select name="segment" class="input">
            {segments.map(({ name, title }) => (
              <option value={name}>{title ?? name}</option>
            ))}
          </select>
        </label>
        <label class="dim">
          {words.for}{" "}
          <select name="to" class="input">
            {destinations.map(({ name, title }) => (
              <option value={name}>{title ?? name}</option>
            ))}
          </select>
        </label>
        <button class="button primary" type="submit">
          {words.create}
        </button>
      </form>
    </Card>
  );
};

export const listsPage = async (services: Services): Promise<HtmlEscapedString> => {
  const { project } = services;
  const words = services.words.lists;
  const frame = await frameOf(services, words.title, "/lists");
  const destinations = destinationsOf(project.spec);
  const lists = await withProjectState(project, (state) => listLists(state));
  const segments = (project.spec.segments ?? []).filter(({ over }) => destinations.some((each) => each.over === over));
  const canCreate = destinations.length > 0 && segments.length > 0 && frame.manifest !== null;
  return documentOf(
    <Layout frame={frame}>
      <Head title={words.title} description={words.description} />
      <div class="stack">
        {canCreate ? <CreateForm segments={segments} destinations={destinations} /> : null}
        <Lists lists={lists} />
        <Destinations destinations={destinations} />
      </div>
    </Layout>,
  );
};
