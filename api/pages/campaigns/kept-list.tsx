/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Campaigns planned here, the newest first. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Campaign } from "../../../etl/index.ts";
import { formatCompact, NOTHING } from "../../charts/index.ts";
import { formatDate } from "../../charts/format-date.ts";
import { count } from "../data/status.tsx";

const MOST = 20;

export const Kept = ({
  campaigns,
  catalog,
}: {
  readonly campaigns: readonly Campaign[];
  readonly catalog: CatalogView;
}) => {
  if (campaigns.length === 0) return null;
  const money = (v: number): string =>
    formatCompact(v, { format: "currency", ...(catalog.currency && { currency: catalog.currency }) });
  return (
    <article class="card kept">
      <header>
        <h2>Planned here</h2>
        {campaigns.length > MOST ? (
          <span class="faint small">
            the newest {MOST} of {campaigns.length}
          </span>
        ) : null}
      </header>
      <div class="table-wrap">
        <table class="data">
          <thead>
            <tr>
              <th>Campaign</th>
              <th>State</th>
              <th>Drawn on</th>
              <th class="num">Contacted</th>
              <th class="num">Held out</th>
              <th class="num">Contact cost</th>
              <th class="num">Expected profit</th>
            </tr>
          </thead>
          <tbody>
            {campaigns.slice(0, MOST).map((c) => (
              <tr>
                <td>
                  <a class="strong" href={`/campaigns/plans/${c.id}`}>
                    {c.name}
                  </a>
                </td>
                <td>
                  <span class={`badge ${c.status === "drawn" ? "good" : ""}`}>{c.status}</span>
                </td>
                <td class="dim">{c.drawnOn ? formatDate(c.drawnOn) : NOTHING}</td>
                <td class="num">{c.summary ? count(c.summary.treated) : NOTHING}</td>
                <td class="num">{c.summary ? count(c.summary.heldOut) : NOTHING}</td>
                <td class="num">{c.summary ? money(c.summary.cost) : NOTHING}</td>
                <td class="num">{c.summary ? money(c.summary.expected) : NOTHING}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </article>
  );
};
