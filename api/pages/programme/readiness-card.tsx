/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** How complete the data and how current the models are. */
import { formatNumber } from "../../charts/index.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { LeftOut } from "../parts/data-table.tsx";
import { useWords } from "../parts/words.ts";
import type { Readiness } from "./readiness.ts";

const SHOWN = 8;
const BAR = 120;

const toneOf = (share: number): string => {
  if (share > 0.95) return "good";
  return share < 0.5 ? "bad" : "";
};

export const ReadinessCard = ({ readiness }: { readonly readiness: Readiness | null }) => {
  const words = useWords().programme.readiness;
  if (readiness === null)
    return (
      <Card title={words.title}>
        <div class="body faint">{words.none}</div>
      </Card>
    );
  const { members, dimension, known, unmined, stale } = readiness;
  const notes = [
    words.order,
    ...(unmined.length > 0 ? [words.unmined(unmined.join(", "))] : []),
    ...(stale.length > 0 ? [words.stale(stale.join(", "))] : []),
  ];
  return (
    <Card title={words.title} aside={words.members(members, dimension)}>
      <div class="table-wrap">
        <table class="data">
          <TableHead columns={[words.attribute, "", { number: words.share }]} />
          <tbody>
            {known.slice(0, SHOWN).map(({ title, share }) => (
              <tr>
                <td>{title}</td>
                <td>
                  <svg width={BAR} height="6" viewBox={`0 0 ${BAR} 6`} aria-hidden="true">
                    <rect class="meter-track" width={BAR} height="6" rx="3" />
                    <rect class={`meter-fill ${toneOf(share)}`} width={share * BAR} height="6" rx="3" />
                  </svg>
                </td>
                <td class="num">{formatNumber(share, { format: "percent" })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <LeftOut shown={Math.min(SHOWN, known.length)} whole={known.length} />
      <footer>{notes.join(" ")}</footer>
    </Card>
  );
};
