/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** What a plan comes to: who is contacted how, what is scarce and what more of it would bring. */
import type { CampaignSummary } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatCompact, formatNumber } from "../../charts/index.ts";
import { count } from "../data/status.tsx";

export const PlanSummary = ({
  summary,
  catalog,
}: {
  readonly summary: CampaignSummary;
  readonly catalog: CatalogView;
}) => {
  const column = { format: "currency" as const, ...(catalog.currency && { currency: catalog.currency }) };
  const money = (v: number): string => (Math.abs(v) >= 10_000 ? formatCompact(v, column) : formatNumber(v, column));
  const Card = ({ title, value, note }: { readonly title: string; readonly value: string; readonly note?: string }) => (
    <div class="card">
      <span class="faint">{title}</span>
      <b>{value}</b>
      {note ? <span class="faint">{note}</span> : null}
    </div>
  );
  return (
    <>
      <div class="figures">
        <Card title="Audience" value={count(summary.audience)} note={`${count(summary.reachable)} may be contacted`} />
        <Card title="Contacted" value={count(summary.treated)} />
        <Card
          title="Held out"
          value={count(summary.heldOut)}
          note={formatNumber(summary.heldOut / Math.max(1, summary.treated + summary.heldOut), { format: "percent" })}
        />
        <Card title="Contact cost" value={money(summary.cost)} />
        <Card title="Expected profit" value={money(summary.expected)} note="after contact cost" />
        <Card
          title="Room for better"
          value={summary.gap < 0.0005 ? "below 0.1 %" : formatNumber(summary.gap, { format: "percent" })}
          note={summary.method === "exact" ? "solved exactly" : "proven: no other plan is better by more"}
        />
      </div>
      {summary.unknown > 0 ? (
        <div class="notice warn">
          {count(summary.unknown)} of the audience are left out: effect or worth is not known of them.
        </div>
      ) : null}
      <div class="grid">
        <article class="card two-thirds">
          <header>
            <h2>Channels and offers</h2>
          </header>
          <div class="table-wrap">
            <table class="data">
              <thead>
                <tr>
                  <th>Channel</th>
                  <th>Offer</th>
                  <th class="num">May be contacted</th>
                  <th class="num">Contacted</th>
                  <th class="num">Held out</th>
                  <th class="num">Cost</th>
                  <th class="num">Expected profit</th>
                </tr>
              </thead>
              <tbody>
                {summary.options.map((o) => (
                  <tr>
                    <td>{o.channel}</td>
                    <td class="dim">{o.offer ?? ""}</td>
                    <td class="num">{count(o.eligible)}</td>
                    <td class="num">{count(o.treated)}</td>
                    <td class="num">{count(o.heldOut)}</td>
                    <td class="num">{money(o.cost)}</td>
                    <td class="num">{money(o.expected)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </article>
        <article class="card third">
          <header>
            <h2>What is scarce</h2>
          </header>
          {summary.scarce.length === 0 ? (
            <div class="body faint">Nothing: no budget, capacity or floor was given.</div>
          ) : (
            <div class="table-wrap">
              <table class="data">
                <thead>
                  <tr>
                    <th>Limit</th>
                    <th class="num">Used</th>
                    <th class="num" title="What one more unit would bring">
                      One more brings
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {summary.scarce.map((s) => (
                    <tr>
                      <td>{s.what === "budget" ? "Budget" : s.what === "floor" ? `At least, ${s.name}` : s.name}</td>
                      <td class="num">
                        {s.what === "budget" ? money(s.used) : count(s.used)}
                        <div class="range">of {s.what === "budget" ? money(s.limit) : count(s.limit)}</div>
                      </td>
                      <td class="num">
                        {s.price < 0.005 ? "–" : s.what === "floor" ? `−${money(s.price)}` : money(s.price)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </article>
      </div>
    </>
  );
};
