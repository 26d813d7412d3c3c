/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Segments found by mining, with their sizes, value, profile and geography; and those stored as rules. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { SegmentSpec } from "../../../engine/model/declarations.ts";
import type { Result } from "../../../engine/model/query.ts";
import { modelReport, type ModelReport } from "../../../etl/project/reports.ts";
import { chooseChart, formatCompact, formatMember, formatNumber, formatValue } from "../../charts/index.ts";
import type { Reader } from "../../http/reader.ts";
import type { MiningRuns } from "../../http/mining-runs.ts";
import type { Services } from "../../http/services.ts";
import { count } from "../data/status.tsx";
import { EMPTY_STATE, stateHref } from "../explore/state.ts";
import { membersIn } from "../explore/state-query.ts";
import { ChartFigure, Empty } from "../parts/chart-figure.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { Caret, Options, Picker } from "../parts/picker.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { MineButton } from "./mine-button.tsx";
import { labelViews, type LabelView } from "./label-attribute.ts";
import { OtherModels } from "./other-models.tsx";
import { Section } from "./report-section.tsx";

interface Found<T> {
  readonly value: T | null;
  readonly error: unknown;
}
const settle = async <T,>(work: Promise<T> | null): Promise<Found<T>> => {
  if (work === null) return { value: null, error: null };
  try {
    return { value: await work, error: null };
  } catch (error) {
    if (!(error instanceof TesseraError) || error.code === "cancelled") throw error;
    return { value: null, error };
  }
};

interface LabelData {
  readonly label: LabelView;
  readonly report: Found<ModelReport>;
  readonly profile: Found<Result>;
  readonly places: Found<Result>;
}

const labelData = async (
  label: LabelView,
  measure: string | undefined,
  reader: Reader,
  services: Services,
): Promise<LabelData> => {
  const mined = reader.manifest.labels[label.model.name] !== undefined;
  const chosen = measure ?? label.value;
  const measures = [...new Set([label.counting, label.value, chosen].filter((m) => m !== undefined))];
  const known = [{ member: label.member, operator: "not_null" as const }];
  const [report, profile, places] = await Promise.all([
    settle(
      mined
        ? reader.remember(["report", label.model.name], (o) => modelReport(services.project, label.model.name, o))
        : null,
    ),
    settle(
      mined && measures.length > 0
        ? reader.query({
            measures,
            dimensions: [label.member],
            filters: known,
            totals: true,
            order: [{ member: label.value ?? measures[0]!, direction: "desc" }],
            limit: 100,
          })
        : null,
    ),
    settle(
      mined && chosen && label.geography
        ? reader.query({ measures: [chosen], dimensions: [label.member, label.geography], filters: known, limit: 2000 })
        : null,
    ),
  ]);
  return { label, report, profile, places };
};

const Profile = ({ data, chosen }: { readonly data: LabelData; readonly chosen: string | undefined }) => {
  const { label, profile } = data;
  if (!profile.value) return profile.error ? <PartFailed error={profile.error} /> : null;
  const { columns, rows, totals } = profile.value;
  const total = totals?.find((t) => t.level.length === 0)?.row;
  const column = (name: string | undefined) => columns.find((c) => c.name === name);
  const counting = column(label.counting),
    value = column(label.value),
    extra = chosen === label.value || chosen === label.counting ? undefined : column(chosen);
  const part = (row: (typeof rows)[number], name: string | undefined): number | null =>
    name === undefined || !total ? null : Number(row[name] ?? 0) / Number(total[name] || 1);
  const dimension = columns[0]!;
  const Bar = ({ of }: { readonly of: number | null }) =>
    of === null ? null : (
      <svg class="bar" width="64" height="6" aria-hidden="true">
        <rect class="meter-track" width="64" height="6" rx="3" />
        <rect class="meter-fill" width={Math.max(1, Math.min(1, of) * 64)} height="6" rx="3" />
      </svg>
    );
  return (
    <div class="table-wrap">
      <table class="data">
        <thead>
          <tr>
            <th>{dimension.title}</th>
            {counting ? (
              <>
                <th class="num">{counting.title}</th>
                <th class="num">Share</th>
              </>
            ) : null}
            {value ? (
              <>
                <th class="num">{value.title}</th>
                <th class="num">Share</th>
              </>
            ) : null}
            {counting && value ? <th class="num">Each</th> : null}
            {extra ? <th class="num">{extra.title}</th> : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <td class="member">
                <a
                  href={stateHref({
                    ...EMPTY_STATE,
                    measures: [label.value, chosen].filter(
                      (m, i, all) => m !== undefined && all.indexOf(m) === i,
                    ) as string[],
                    by: label.geography ? [label.geography] : [],
                    where: [
                      {
                        member: label.member,
                        operator: "equals",
                        values: [row[dimension.name] === null ? null : String(row[dimension.name])],
                      },
                    ],
                  })}
                >
                  {formatMember(row[dimension.name], dimension)}
                </a>
              </td>
              {counting ? (
                <>
                  <td class="num">{formatValue(row[counting.name], counting)}</td>
                  <td class="num">
                    {formatNumber(part(row, counting.name) ?? 0, { format: "percent" })}
                    <Bar of={part(row, counting.name)} />
                  </td>
                </>
              ) : null}
              {value ? (
                <>
                  <td class="num">{formatValue(row[value.name], value)}</td>
                  <td class="num">
                    {formatNumber(part(row, value.name) ?? 0, { format: "percent" })}
                    <Bar of={part(row, value.name)} />
                  </td>
                </>
              ) : null}
              {counting && value ? (
                <td class="num">
                  {Number(row[counting.name]) > 0
                    ? formatNumber(Number(row[value.name] ?? 0) / Number(row[counting.name]), value)
                    : "–"}
                </td>
              ) : null}
              {extra ? <td class="num">{formatValue(row[extra.name], extra)}</td> : null}
            </tr>
          ))}
        </tbody>
        {total ? (
          <tfoot>
            <tr>
              <td>Total</td>
              {counting ? (
                <>
                  <td class="num">{formatValue(total[counting.name], counting)}</td>
                  <td />
                </>
              ) : null}
              {value ? (
                <>
                  <td class="num">{formatValue(total[value.name], value)}</td>
                  <td />
                </>
              ) : null}
              {counting && value ? (
                <td class="num">
                  {formatNumber(Number(total[value.name]) / Number(total[counting.name] || 1), value)}
                </td>
              ) : null}
              {extra ? <td class="num">{formatValue(total[extra.name], extra)}</td> : null}
            </tr>
          </tfoot>
        ) : null}
      </table>
    </div>
  );
};

const Label = ({
  data,
  chosen,
  measureTitle,
  mining,
}: {
  readonly data: LabelData;
  readonly mining: MiningRuns;
  readonly chosen: string | undefined;
  readonly measureTitle: string;
}) => {
  const { label, report, places } = data;
  const { model } = label;
  const title = model.title ?? model.name;
  if (!report.value)
    return (
      <article class="card wide" id={`model-${model.name}`}>
        <header>
          <h2>{title}</h2>
          <MineButton model={model.name} mining={mining} />
        </header>
        {report.error ? (
          <div class="body">
            <PartFailed error={report.error} />
          </div>
        ) : (
          <Empty title="Not mined yet">
            Run <code>tessera mine {model.name}</code>: every {label.role.title.toLowerCase()} gets its label, and this
            page its figures.
          </Empty>
        )}
      </article>
    );
  const found = report.value;
  const drawn = found.sections.filter((s) => (s.chart !== undefined || s.plot !== undefined) && s.rows.length > 0);
  const spec = places.value ? chooseChart(places.value, `${measureTitle} by ${title} and place`, "heatmap") : null;
  return (
    <section class="model-section wide" id={`model-${model.name}`}>
      <div class="model-head">
        <div>
          <h2>{title}</h2>
          {model.description ? <p class="dim">{model.description}</p> : null}
        </div>
        <div class="small dim">
          {found.stale ? <span class="badge warn">data is newer</span> : <span class="badge good">up to date</span>} as
          of {found.asOf} · {count(found.members)} members ·{" "}
          {found.figures
            .map((f) => `${f.title} ${f.value === null ? "–" : formatNumber(f.value, { format: f.format })}`)
            .join(" · ")}{" "}
          ·{" "}
          <a class="link" href={`/segments/models/${encodeURIComponent(model.name)}`}>
            full report
          </a>{" "}
          <MineButton model={model.name} mining={mining} />
        </div>
      </div>
      <div class="grid">
        <article class="card wide">
          <header>
            <h2>Sizes and value</h2>
          </header>
          <Profile data={data} chosen={chosen} />
        </article>
        {drawn.slice(0, 2).map((section) => (
          <Section section={drawn.length === 1 ? { ...section, wide: true } : { ...section, wide: false }} />
        ))}
        {spec ? (
          <article class="card wide">
            <header>
              <h2>{measureTitle} by place</h2>
            </header>
            <div class="body">
              <ChartFigure spec={spec} width={1130} />
            </div>
          </article>
        ) : null}
      </div>
    </section>
  );
};

const StoredSegments = ({
  segments,
  sizes,
  values,
  valueTitle,
  valueColumn,
}: {
  readonly segments: readonly SegmentSpec[];
  readonly sizes: readonly Found<{ readonly members: number; readonly of: number }>[];
  readonly values: readonly Found<Result>[];
  readonly valueTitle: string;
  readonly valueColumn: string | undefined;
}) => (
  <article class="card wide">
    <header>
      <h2>Stored segments</h2>
      <span class="faint small">rules: their members follow the data</span>
    </header>
    <div class="table-wrap">
      <table class="data">
        <thead>
          <tr>
            <th>Segment</th>
            <th>Rule</th>
            <th class="num">Members</th>
            <th class="num">Of all</th>
            {valueColumn ? <th class="num">{valueTitle}</th> : null}
          </tr>
        </thead>
        <tbody>
          {segments.map((s, i) => {
            const size = sizes[i]!.value;
            const value = values[i]?.value;
            const column = value?.columns.find((c) => c.name === valueColumn);
            return (
              <tr id={`segment-${s.name}`}>
                <td class="text">
                  <a
                    class="strong"
                    href={stateHref({
                      ...EMPTY_STATE,
                      ...(valueColumn && { measures: [valueColumn] }),
                      segments: [s.name],
                    })}
                  >
                    {s.title ?? s.name}
                  </a>
                  <div class="faint small mono">{s.name}</div>
                </td>
                <td class="text dim">{s.description ?? ""}</td>
                <td class="num">
                  {size ? (
                    count(size.members)
                  ) : (
                    <span class="faint" title={sizes[i]!.error instanceof TesseraError ? sizes[i]!.error.message : ""}>
                      –
                    </span>
                  )}
                </td>
                <td class="num dim">
                  {size && size.of > 0 ? formatNumber(size.members / size.of, { format: "percent" }) : ""}
                </td>
                {valueColumn ? (
                  <td class="num">
                    {column && value?.rows[0]
                      ? typeof value.rows[0][column.name] === "number"
                        ? formatCompact(Number(value.rows[0][column.name]), column)
                        : formatValue(value.rows[0][column.name], column)
                      : ""}
                  </td>
                ) : null}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  </article>
);

export const segmentsPage = async (
  parameters: URLSearchParams,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const { spec } = services.project;
  const { measures } = membersIn(reader.catalog);
  const labels = labelViews(spec, reader.catalog);
  const asked = parameters.get("measure");
  const chosen = asked !== null && measures.has(asked) ? asked : undefined;
  const first = chosen ?? labels[0]?.value;
  const segments = spec.segments ?? [];
  const [frame, data, sizes, values] = await Promise.all([
    frameOf(services, "Segments", "/segments", reader.manifest),
    Promise.all(labels.map((label) => labelData(label, chosen, reader, services))),
    Promise.all(
      segments.map((s) =>
        settle(
          reader.remember(["segment size", s.over, s.filters], (o) =>
            services.project.segmentSize({ over: s.over, filters: s.filters }, o),
          ),
        ),
      ),
    ),
    Promise.all(
      first === undefined
        ? []
        : segments.map((s) => settle(reader.query({ measures: [first], filters: [{ segment: s.name }] }))),
    ),
  ]);
  const roles = new Set(labels.map((l) => l.role.name));
  const groups = reader.catalog.cubes
    .filter((c) => c.roles.some((r) => roles.has(r)))
    .map((cube) => ({
      title: cube.title,
      options: cube.measures.map((m) => ({
        title: m.title,
        what: m.description,
        href: `/segments?measure=${m.member}`,
        chosen: m.member === first,
      })),
    }));
  const title = first === undefined ? "" : (measures.get(first)?.title ?? first);
  return documentOf(
    <Layout frame={frame}>
      <Head title="Segments" description="Who the customers are: kinds found by mining, and segments kept as rules.">
        {groups.length > 0 ? (
          <Picker
            name="Profile by a measure"
            class="right"
            label={
              <>
                Profile by <b>{title}</b>
                <Caret />
              </>
            }
          >
            <Options groups={groups} search="Search measures" />
          </Picker>
        ) : null}
      </Head>
      <div class="grid">
        {data.map((d) => (
          <Label
            data={d}
            mining={services.mining}
            chosen={chosen ?? d.label.value}
            measureTitle={measures.get(chosen ?? d.label.value ?? "")?.title ?? ""}
          />
        ))}
        <OtherModels
          models={(spec.models ?? []).filter((m) => !labels.some((l) => l.model.name === m.name))}
          reader={reader}
          mining={services.mining}
        />
        {segments.length > 0 ? (
          <StoredSegments segments={segments} sizes={sizes} values={values} valueTitle={title} valueColumn={first} />
        ) : null}
      </div>
    </Layout>,
  );
};
