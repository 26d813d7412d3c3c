import { defineDimension } from "../../engine/index.ts";

export const salesperson = defineDimension({
  name: "salesperson",
  title: "Salesperson",
  description: "Salespeople for business customers and phone sales, by team and region.",
  table: "dim_salesperson",
  key: "salesperson_id",
  label: "name",
  attributes: {
    name: { sql: "full_name", title: "Salesperson" },
    team: { sql: "team", title: "Team" },
    region: { sql: "sales_region", title: "Sales region" },
    country: { sql: "country", title: "Country" },
    hired_on: { sql: "hired_on", title: "Hired on", type: "date" },
    is_active: { sql: "is_active", title: "In service", type: "boolean" },
  },
  hierarchies: { territory: ["country", "region", "name"] },
  parentChild: { reports_to: { parent: "manager_id", root: 0 } },
});
