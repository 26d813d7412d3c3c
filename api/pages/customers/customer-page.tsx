/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** One customer: figures, profile, labels, what happened. */
import type { HtmlEscapedString } from "hono/utils/html";
import { chooseChart, formatDate, formatMember, formatNumber, formatValue } from "../../charts/index.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { count } from "../data/status.tsx";
import { EMPTY_STATE, stateHref } from "../explore/state.ts";
import { dateRoleOf } from "../goals/goal-state.ts";
import { ChartFigure } from "../parts/chart-figure.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { customerModel, readCustomer, type Customer } from "./customer-data.ts";
import { timeline } from "./timeline.ts";

const MOMENTS = 60;
const ROWS = 50;

const Profile = ({ customer }: { readonly customer: Customer }) => {
  const known = customer.attributes.filter(({ value }) => value !== null && value !== "");
  const said = known.filter(({ value }) => typeof value !== "boolean");
  const flags = known.filter(({ value }) => typeof value === "boolean");
  return (
    <article class="card">
      <header>
        <h2>Profile</h2>
      </header>
      <div class="body">
        <dl class="facts">
          {said.map(({ attribute, value }) => (
            <>
              <dt title={attribute.description}>{attribute.title}</dt>
              <dd>
                {attribute.type === "number" && typeof value === "number"
                  ? formatNumber(value, { format: "number" })
                  : formatMember(value, { type: attribute.type, name: attribute.member })}
              </dd>
            </>
          ))}
        </dl>
        {flags.length > 0 ? (
          <p class="flags">
            {flags.map(({ attribute, value }) => (
              <span class={`badge${value === true ? "" : " faint"}`}>
                {value === true ? "✓" : "✕"} {attribute.title}
              </span>
            ))}
          </p>
        ) : null}
      </div>
    </article>
  );
};

const Labels = ({ customer }: { readonly customer: Customer }) =>
  customer.labels.length === 0 ? null : (
    <article class="card">
      <header>
        <h2>Found by mining</h2>
      </header>
      <div class="body">
        <dl class="facts">
          {customer.labels.map(({ attribute, value }) => (
            <>
              <dt title={attribute.description}>{attribute.title}</dt>
              <dd>
                {typeof value === "string" ? (
                  <a
                    class="link"
                    href={stateHref({
                      ...EMPTY_STATE,
                      measures: [],
                      where: [{ member: attribute.member, operator: "equals", values: [value] }],
                    })}
                  >
                    {value}
                  </a>
                ) : (
                  formatMember(value, { type: attribute.type, name: attribute.member })
                )}
              </dd>
            </>
          ))}
        </dl>
      </div>
    </article>
  );

const Timeline = ({ customer }: { readonly customer: Customer }) => {
  const moments = timeline(customer.events, MOMENTS);
  if (moments.length === 0) return null;
  return (
    <article class="card">
      <header>
        <h2>What happened</h2>
        <span class="faint small">newest first</span>
      </header>
      <ol class="timeline">
        {moments.map((m, i) => (
          <li class={`kind-${m.cube}`}>
            <time datetime={m.day} class={i > 0 && moments[i - 1]!.day === m.day ? "repeat" : ""}>
              {formatDate(m.day)}
            </time>
            <span class="badge">
              {m.kind}
              {m.lines > 1 ? ` × ${m.lines}` : ""}
            </span>
            <span class="what">{m.what}</span>
            <span class="num">{m.amount}</span>
          </li>
        ))}
      </ol>
    </article>
  );
};

export const customerPage = async (key: string, reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const model = customerModel(services.project.spec, reader.catalog);
  const money = reader.catalog.cubes
    .filter((c) => c.roles.includes(model.role.name))
    .flatMap((c) => c.measures.filter((m) => m.format === "currency" && m.kind === "sum"))[0];
  const date = money ? dateRoleOf(reader.catalog, money.member) : undefined;
  const customer = await readCustomer(key, reader, services);
  const [frame, course] = await Promise.all([
    frameOf(services, customer.name, "/customers", reader.manifest),
    money && date
      ? reader.query({
          measures: [money.member],
          dimensions: [`${date}.quarter`],
          filters: [{ member: model.key.member, operator: "equals", values: [customer.key] }],
          fillDates: true,
        })
      : null,
  ]);
  const chart =
    course && course.rows.length > 1 && money ? chooseChart(course, `${money.title} by quarter`, "bar") : null;
  const about = ["customer_type", "company", "city", "country"].flatMap((name) => {
    const found = customer.attributes.find((a) => a.attribute.name === name)?.value;
    return found === null || found === undefined || found === "" ? [] : [String(found)];
  });
  return documentOf(
    <Layout frame={frame}>
      <Head title={customer.name} description={about.join(" · ")}>
        <a class="button bare" href="/customers">
          Find another
        </a>
        <a
          class="button"
          href={stateHref({
            ...EMPTY_STATE,
            ...(money && { measures: [money.member] }),
            by: date ? [`${date}.month`] : [],
            where: [{ member: model.key.member, operator: "equals", values: [String(customer.key)] }],
          })}
        >
          Explore
        </a>
      </Head>
      {customer.figures.length > 0 ? (
        <section class="figures" aria-label="Key figures">
          {customer.figures.map(({ column, value }) => (
            <a
              class="card"
              href={stateHref({
                ...EMPTY_STATE,
                measures: [column.name],
                by: dateRoleOf(reader.catalog, column.name) ? [`${dateRoleOf(reader.catalog, column.name)}.month`] : [],
                where: [{ member: model.key.member, operator: "equals", values: [String(customer.key)] }],
              })}
            >
              <span class="dim clip">{column.title}</span>
              <b>{formatValue(value, column)}</b>
            </a>
          ))}
        </section>
      ) : null}
      <div class="two-columns">
        <div class="stack">
          {chart && money ? (
            <article class="card">
              <header>
                <h2>{money.title} by quarter</h2>
              </header>
              <div class="body">
                <ChartFigure spec={chart} width={720} height={190} table={false} />
              </div>
            </article>
          ) : null}
          <Timeline customer={customer} />
        </div>
        <div class="stack">
          <Labels customer={customer} />
          <Profile customer={customer} />
        </div>
      </div>
      <div class="stack events">
        {customer.events.map((e) => (
          <article class="card table-tile" id={`events-${e.cube}`}>
            <header>
              <h2>{e.title}</h2>
              <span class="faint small">
                {e.truncated ? "more than " : ""}
                {count(e.rows.length)} {e.rows.length === 1 ? "row" : "rows"}
                {e.rows.length > ROWS ? `, the newest ${ROWS}` : ""}
              </span>
            </header>
            <DataTable unknown="–" columns={e.columns} rows={e.rows.slice(0, ROWS)} />
          </article>
        ))}
      </div>
    </Layout>,
  );
};
