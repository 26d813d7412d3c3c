import { defineDimension } from "../../engine/index.ts";

export const product = defineDimension({
  name: "product",
  title: "Product",
  description: "What Northgate sells.",
  table: "dim_product",
  key: "product_id",
  label: "name",
  attributes: {
    name: { sql: "product_name", title: "Product" },
    sku: { sql: "sku", title: "Article number" },
    department: { sql: "department", title: "Department" },
    category: { sql: "category", title: "Category" },
    brand: { sql: "brand", title: "Brand" },
    list_price: { sql: "list_price", title: "List price", type: "number" },
    price_band: { sql: "list_price", title: "Price band", bins: [10, 25, 50, 100, 250] },
    launched_on: { sql: "launched_on", title: "Launched on", type: "date" },
    is_active: { sql: "is_active", title: "On sale", type: "boolean" },
  },
  hierarchies: { taxonomy: ["department", "category", "brand", "name"] },
});
