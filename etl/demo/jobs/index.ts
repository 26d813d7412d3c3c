import * as deskJobs from "./desk.ts";
import * as erpCustomerJobs from "./erp-customers.ts";
import * as erpFieldJobs from "./erp-field.ts";
import * as erpSalesJobs from "./erp-sales.ts";
import * as marketingJobs from "./marketing.ts";
import * as shopJobs from "./shop.ts";

/** Every stream of rows from Northgate's systems into its warehouse. */
export const jobs = [
  ...Object.values(erpCustomerJobs),
  ...Object.values(erpSalesJobs),
  ...Object.values(erpFieldJobs),
  ...Object.values(shopJobs),
  ...Object.values(deskJobs),
  ...Object.values(marketingJobs),
];
