/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Saved campaigns, newest first. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Campaign } from "../../../etl/index.ts";
import { formatCount, formatDate, NOTHING } from "../../charts/index.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { compactMoney } from "../parts/money.ts";
import { useWords } from "../parts/words.ts";

const MOST = 20;

export interface SavedCampaignsProps {
  readonly campaigns: readonly Campaign[];
  readonly catalog: CatalogView;
}

const CampaignRow = ({ campaign, catalog }: { readonly campaign: Campaign; readonly catalog: CatalogView }) => {
  const words = useWords().campaigns;
  const { id, name, status, drawnOn, summary } = campaign;
  const money = compactMoney(catalog);
  return (
    <tr>
      <td>
        <a class="strong" href={`/campaigns/plans/${id}`}>
          {name}
        </a>
      </td>
      <td>
        <span class={`badge ${status === "drawn" ? "good" : ""}`}>{words.status[status]}</span>
      </td>
      <td class="dim">{drawnOn ? formatDate(drawnOn) : NOTHING}</td>
      <td class="num">{summary ? formatCount(summary.treated) : NOTHING}</td>
      <td class="num">{summary ? formatCount(summary.heldOut) : NOTHING}</td>
      <td class="num">{summary ? money(summary.cost) : NOTHING}</td>
      <td class="num">{summary ? money(summary.expected) : NOTHING}</td>
    </tr>
  );
};

export const SavedCampaigns = ({ campaigns, catalog }: SavedCampaignsProps) => {
  const words = useWords().campaigns;
  if (campaigns.length === 0) return null;
  const cut = campaigns.length > MOST ? words.saved.newest(MOST, campaigns.length) : undefined;
  return (
    <Card title={words.saved.title} aside={cut} size="kept">
      <div class="table-wrap">
        <table class="data">
          <TableHead
            columns={[
              words.saved.campaign,
              words.saved.state,
              words.saved.drawnOn,
              { number: words.saved.contacted },
              { number: words.controlGroup },
              { number: words.contactCost },
              { number: words.saved.expectedProfit },
            ]}
          />
          <tbody>
            {campaigns.slice(0, MOST).map((campaign) => (
              <CampaignRow campaign={campaign} catalog={catalog} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
};
