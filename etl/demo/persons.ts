import { definePersons, type PersonRule } from "../index.ts";

const NAMES = ["first_name", "last_name", "street", "postcode"] as const;
/** The ERP's, the shop's and the desk's numbers share columns in marketing's touchpoints. */
const contact: readonly PersonRule[] = [
  { system: "erp", by: "contact" },
  { system: "shop", by: "contact" },
];
const erpNumber: PersonRule = { system: "erp", by: "customer_no" };

/** Persons at Northgate, for `tessera erase`. */
export const persons = definePersons({
  dimension: "customer",
  identities: { table: "map_identity", system: "source", id: "source_id", key: "customer_id" },
  tables: {
    erp_customers: { ...erpNumber, clear: [...NAMES, "company", "birth_date", "phone"], alias: ["email"] },
    erp_customer_log: erpNumber,
    erp_consents: erpNumber,
    erp_do_not_contact: { ...erpNumber, clear: ["reason"] },
    erp_orders: erpNumber,
    erp_opportunities: { ...erpNumber, clear: ["title"] },
    erp_tasks: erpNumber,
    erp_campaign_responses: contact.map((rule) => ({ ...rule, clear: ["feedback"] })),
    marketing_assignments: contact,
    shop_touchpoints: contact,
    shop_customers: [
      { system: "shop", by: "shop_customer_id", clear: [...NAMES, "phone"], alias: ["email"] },
      { system: "erp", by: "loyalty_card" },
    ],
    // guests are known by their address, or by the order's number if they left none
    shop_orders: [
      { system: "shop", by: "shop_customer_id", clear: [...NAMES, "phone"], alias: ["email"] },
      { system: "guest", by: "email", clear: [...NAMES, "phone"] },
      { system: "guest", by: "order_no", keep: true, clear: [...NAMES, "phone"], alias: ["email"] },
    ],
    desk_contacts: [{ system: "desk", by: "contact_id", clear: ["name", "phone"], alias: ["email"] }, erpNumber],
    desk_cases: { system: "desk", by: "contact_id" },
    dim_customer: {
      by: "customer_id",
      clear: [
        "customer_no",
        "first_name",
        "last_name",
        "full_name",
        "email",
        "phone",
        "postcode",
        "birth_date",
        "company_name",
      ],
    },
    fact_responses: { by: "customer_id", clear: ["feedback"] },
    fact_opportunities: { by: "customer_id", clear: ["title"] },
  },
});
