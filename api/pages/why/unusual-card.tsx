/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The expected range of a measure, and the periods outside it. */
import type { Bands } from "../../../engine/mining/index.ts";
import type { Column } from "../../../engine/model/query.ts";
import { formatRange } from "../../charts/index.ts";
import { Card, Empty, TableHead } from "../parts/card.tsx";
import { Section } from "../parts/report-section.tsx";
import { useWords } from "../parts/words.ts";
import { daysOfPeriod, rightBefore, whyHref, yearBefore, type WhyState } from "./why-state.ts";

export interface BandsProps {
  readonly bands: Bands;
  readonly state: WhyState;
  /** format and currency of the measure */
  readonly unit: Partial<Column>;
  readonly print: (value: number) => string;
}

/** Actual and expected values over time, with the 95 % range. */
export const BandsSection = ({ bands, state, unit }: Omit<BandsProps, "print">) => {
  const { why } = useWords();
  const value = (name: string, title: string): Column => ({ ...unit, name, kind: "measure", type: "number", title });
  const notes = [
    why.note(why.units[state.per], bands.forecaster),
    ...(bands.left.length > 0 ? [why.partial(bands.left.join(", "))] : []),
  ];
  return (
    <Section
      section={{
        title: why.expectedAndActual,
        wide: true,
        plot: { kind: "curve", x: "day", y: ["actual", "expected"], band: ["low", "high"] },
        rows: bands.points.map(({ odd: _, ...point }) => point),
        columns: [
          { name: "day", kind: "dimension", type: "date", level: state.per, title: why.columns[state.per] },
          value("actual", why.actual),
          value("expected", why.expected),
          value("low", why.from),
          value("high", why.to),
        ],
        note: notes.join(" "),
      }}
    />
  );
};

export const UnusualCard = ({ bands, state, print }: Omit<BandsProps, "unit">) => {
  const { why } = useWords();
  const unusual = bands.points.filter(({ odd }) => odd !== null).reverse();
  const isShort = bands.period === "day" || bands.period === "week";
  return (
    <Card title={why.unusual[state.per]} size="wide">
      {unusual.length === 0 ? (
        <Empty title={why.none(why.units[state.per])}>{why.noneHint}</Empty>
      ) : (
        <div class="table-wrap">
          <table class="data">
            <TableHead
              columns={[
                why.period,
                { number: why.actual },
                { number: why.expected },
                { number: why.from },
                { number: why.to },
                why.action,
              ]}
            />
            <tbody>
              {unusual.map(({ day, actual, expected, low, high }) => {
                const after = daysOfPeriod(day, bands.period);
                const before = isShort ? rightBefore(after) : yearBefore(after);
                return (
                  <tr>
                    <td>{formatRange(...after)}</td>
                    <td class="num">
                      <b>{print(actual)}</b>
                    </td>
                    <td class="num">{print(expected)}</td>
                    <td class="num dim">{print(low)}</td>
                    <td class="num dim">{print(high)}</td>
                    <td>
                      <a class="link" href={whyHref(state, { after, before })}>
                        {why.explain}
                      </a>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
};
