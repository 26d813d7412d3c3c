/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** One customer: key figures, timeline, mined labels, profile, events. */
import type { HtmlEscapedString } from "hono/utils/html";
import type { MeasureView } from "../../../engine/model/catalog-view.ts";
import type { Value } from "../../../engine/model/query.ts";
import { chooseChart, formatMember, formatNumber, formatValue, type ChartSpec } from "../../charts/index.ts";
import { dateRoleOf } from "../../services/catalog-index.ts";
import type { CustomerEvents } from "../../services/customers/customer-events.ts";
import { customerModel, type CustomerModel } from "../../services/customers/customer-model.ts";
import { readCustomer, type AttributeValue, type Customer } from "../../services/customers/read-customer.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { EMPTY_STATE, stateHref } from "../explore/state.ts";
import { Card } from "../parts/card.tsx";
import { ChartFigure } from "../parts/chart-figure.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { useWords } from "../parts/words.ts";
import { TimelineCard } from "./timeline-card.tsx";

/** Rows of one cube on the page. */
const ROWS = 50;

const ABOUT = ["customer_type", "company", "city", "country"];

const isEmpty = (value: Value): boolean => value === null || value === "";

const Fact = ({ fact: { attribute, value } }: { readonly fact: AttributeValue }) => (
  <>
    <dt title={attribute.description}>{attribute.title}</dt>
    <dd>
      {attribute.type === "number" && typeof value === "number"
        ? formatNumber(value, { format: "number" })
        : formatMember(value, { type: attribute.type, name: attribute.member })}
    </dd>
  </>
);

const Profile = ({ customer }: { readonly customer: Customer }) => {
  const known = customer.attributes.filter(({ value }) => !isEmpty(value));
  const facts = known.filter(({ value }) => typeof value !== "boolean");
  const flags = known.filter(({ value }) => typeof value === "boolean");
  return (
    <Card title={useWords().customers.profile}>
      <div class="body">
        <dl class="facts">
          {facts.map((fact) => (
            <Fact fact={fact} />
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
    </Card>
  );
};

/** A mined label leads to the members that share it. */
const LabelValue = ({ label: { attribute, value } }: { readonly label: AttributeValue }) => {
  if (typeof value !== "string") return <>{formatMember(value, { type: attribute.type, name: attribute.member })}</>;
  const where = [{ member: attribute.member, operator: "equals" as const, values: [value] }];
  return (
    <a class="link" href={stateHref({ ...EMPTY_STATE, where })}>
      {value}
    </a>
  );
};

const Labels = ({ customer }: { readonly customer: Customer }) =>
  customer.labels.length === 0 ? null : (
    <Card title={useWords().customers.labels}>
      <div class="body">
        <dl class="facts">
          {customer.labels.map((label) => (
            <>
              <dt title={label.attribute.description}>{label.attribute.title}</dt>
              <dd>
                <LabelValue label={label} />
              </dd>
            </>
          ))}
        </dl>
      </div>
    </Card>
  );

const EventsCard = ({ events }: { readonly events: CustomerEvents }) => {
  const words = useWords().customers;
  const { rows } = events;
  const count = events.truncated ? words.moreThan(words.rows(rows.length)) : words.rows(rows.length);
  return (
    <Card
      title={events.title}
      size="table-tile"
      id={`events-${events.cube}`}
      aside={rows.length > ROWS ? words.newest(count, ROWS) : count}
    >
      <DataTable unknown="–" columns={events.columns} rows={rows} most={ROWS} />
    </Card>
  );
};

interface FiguresProps {
  readonly customer: Customer;
  readonly model: CustomerModel;
  readonly reader: Reader;
}

const Figures = ({ customer, model, reader }: FiguresProps) => {
  const { shared } = useWords();
  if (customer.figures.length === 0) return null;
  const where = [{ member: model.key.member, operator: "equals" as const, values: [String(customer.key)] }];
  const href = (measure: string): string => {
    const date = dateRoleOf(reader.catalog, measure);
    return stateHref({ ...EMPTY_STATE, measures: [measure], by: date ? [`${date}.month`] : [], where });
  };
  return (
    <section class="figures" aria-label={shared.keyFigures}>
      {customer.figures.map(({ column, value }) => (
        <a class="card" href={href(column.name)}>
          <span class="dim clip">{column.title}</span>
          <b>{formatValue(value, column)}</b>
        </a>
      ))}
    </section>
  );
};

/** The first amount of money that the customer role can filter. */
const moneyMeasure = ({ catalog }: Reader, model: CustomerModel): MeasureView | undefined =>
  catalog.cubes
    .filter((cube) => cube.roles.includes(model.role.name))
    .flatMap((cube) => cube.measures.filter((m) => m.format === "currency" && m.kind === "sum"))[0];

/** Money by quarter; null when there is one quarter or none. */
const quarterChart = async (
  customer: Customer,
  model: CustomerModel,
  money: MeasureView,
  title: string,
  reader: Reader,
): Promise<ChartSpec | null> => {
  const date = dateRoleOf(reader.catalog, money.member);
  if (!date) return null;
  const result = await reader.query({
    measures: [money.member],
    dimensions: [`${date}.quarter`],
    filters: [{ member: model.key.member, operator: "equals", values: [customer.key] }],
    fillDates: true,
  });
  return result.rows.length > 1 ? chooseChart(result, title, "bar") : null;
};

/** @throws TesseraError `not-found` */
export const customerPage = async (key: string, reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const { customers, shared } = services.words;
  const { catalog } = reader;
  const model = customerModel(services.project.spec, catalog);
  const customer = await readCustomer(key, reader, services);
  const money = moneyMeasure(reader, model);
  const [frame, chart] = await Promise.all([
    frameOf(services, customer.name, "/customers", reader.manifest),
    money ? quarterChart(customer, model, money, customers.byQuarter(money.title), reader) : null,
  ]);
  const about = ABOUT.flatMap((name) => {
    const value = customer.attributes.find(({ attribute }) => attribute.name === name)?.value ?? null;
    return isEmpty(value) ? [] : [String(value)];
  });
  const date = money ? dateRoleOf(catalog, money.member) : undefined;
  const explore = stateHref({
    ...EMPTY_STATE,
    ...(money && { measures: [money.member] }),
    by: date ? [`${date}.month`] : [],
    where: [{ member: model.key.member, operator: "equals", values: [String(customer.key)] }],
  });
  return documentOf(
    <Layout frame={frame}>
      <Head title={customer.name} description={about.join(" · ")}>
        <a class="button bare" href="/customers">
          {customers.findAnother}
        </a>
        <a class="button" href={explore}>
          {shared.explore}
        </a>
      </Head>
      <Figures customer={customer} model={model} reader={reader} />
      <div class="two-columns">
        <div class="stack">
          {chart ? (
            <Card title={chart.title}>
              <div class="body">
                <ChartFigure spec={chart} width={720} height={190} table={false} />
              </div>
            </Card>
          ) : null}
          <TimelineCard events={customer.events} />
        </div>
        <div class="stack">
          <Labels customer={customer} />
          <Profile customer={customer} />
        </div>
      </div>
      <div class="stack events">
        {customer.events.map((events) => (
          <EventsCard events={events} />
        ))}
      </div>
    </Layout>,
  );
};
