import * as customerTables from "./customer.ts";
import * as dealTables from "./deals.ts";
import * as dimensionTables from "./dimensions.ts";
import * as identityTables from "./identity.ts";
import * as marketingTables from "./marketing.ts";
import * as salesTables from "./sales.ts";
import * as serviceTables from "./service.ts";

/** Northgate's star schema, made from the loaded tables within the same load. */
export const tables = [
  identityTables,
  dimensionTables,
  customerTables,
  salesTables,
  dealTables,
  marketingTables,
  serviceTables,
].flatMap((module) => Object.values(module));
