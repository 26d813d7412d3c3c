/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Cost and benefit of the programme, as planned and in a cautious scenario. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatDate, formatNumber, NOTHING, type ChartSpec } from "../../charts/index.ts";
import type { Reader } from "../../services/reader.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { ChartFigure } from "../parts/chart-figure.tsx";
import { compactMoney, moneyColumn } from "../parts/money.ts";
import { useWords } from "../parts/words.ts";
import type { Flow, Scenario, ScenarioTotals } from "./scenario.ts";

const MOST_MONTHS = 600;

/** Cost and benefit by month; null when no cube has measures of these names. */
export async function flowsOf(reader: Reader): Promise<readonly Flow[] | null> {
  const cube = reader.catalog.cubes.find(({ name, measures }) =>
    ["cost", "benefit"].every((each) => measures.some(({ member }) => member === `${name}.${each}`)),
  );
  const role = reader.catalog.roles.find(({ kind, name }) => kind === "date" && cube?.roles.includes(name));
  if (!cube || !role) return null;
  const month = `${role.name}.month`;
  const [cost, benefit] = [`${cube.name}.cost`, `${cube.name}.benefit`];
  const { rows } = await reader.query({
    measures: [cost, benefit],
    dimensions: [month],
    order: [{ member: month, direction: "asc" }],
    limit: MOST_MONTHS,
  });
  return rows
    .filter((row) => row[month] !== null)
    .map((row) => ({
      month: String(row[month]),
      cost: Number(row[cost] ?? 0),
      benefit: Number(row[benefit] ?? 0),
    }));
}

const ScenarioRow = ({
  title,
  totals,
  catalog,
}: {
  readonly title: string;
  readonly totals: ScenarioTotals;
  readonly catalog: CatalogView;
}) => {
  const words = useWords().programme.money;
  const money = compactMoney(catalog);
  const { cost, benefit, net, payback } = totals;
  return (
    <tr>
      <td>{title}</td>
      <td class="num">{money(cost)}</td>
      <td class="num">{money(benefit)}</td>
      <td class={`num ${net < 0 ? "down" : "up"}`}>{money(net)}</td>
      <td class="num">{cost === 0 ? NOTHING : formatNumber(net / cost, { format: "percent" })}</td>
      <td>{payback === null ? words.noPayback : formatDate(payback, "month")}</td>
    </tr>
  );
};

export const MoneyCard = ({ scenario, catalog }: { readonly scenario: Scenario; readonly catalog: CatalogView }) => {
  const words = useWords().programme.money;
  const measure = (name: string, title: string) => ({
    name,
    title,
    kind: "measure" as const,
    type: "number" as const,
    ...moneyColumn(catalog),
  });
  const spec: ChartSpec = {
    kind: "line",
    title: words.chart,
    x: "month",
    y: ["net", "cautious"],
    columns: [
      { name: "month", title: words.month, kind: "dimension", type: "date", level: "month" },
      measure("net", words.planned),
      measure("cautious", words.cautious),
    ],
    rows: scenario.months.map((month) => ({ ...month })),
  };
  return (
    <Card title={words.title} aside={words.months(scenario.months.length)} size="wide">
      <div class="body">
        <ChartFigure spec={spec} width={1130} height={260} table={false} />
      </div>
      <div class="table-wrap">
        <table class="data">
          <TableHead
            columns={[
              words.scenario,
              { number: words.cost },
              { number: words.benefit },
              { number: words.net },
              { number: words.returnOnSpend },
              words.payback,
            ]}
          />
          <tbody>
            <ScenarioRow title={words.planned} totals={scenario.plan} catalog={catalog} />
            <ScenarioRow title={words.cautious} totals={scenario.cautious} catalog={catalog} />
          </tbody>
        </table>
      </div>
      <footer>{words.method}</footer>
    </Card>
  );
};
