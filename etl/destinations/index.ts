export {
  defineDestination,
  toCsv,
  toTable,
  toWebhook,
  type ListAssignment,
  type CsvTarget,
  type DestinationSpec,
  type ListDestination,
  type TableTarget,
  type Target,
  type WebhookTarget,
} from "../declare/destination.ts";
export { destinationOf, exportList, type ExportOptions } from "./export-list.ts";
export { destinationsOf } from "../declare/project-parts.ts";
export { assigneesOf, getList, listLists, type ListStatus, type ListView } from "./lists.ts";
export { missingSettings } from "./deliver.ts";
export { signature } from "./webhook.ts";
export type { Audience } from "./members.ts";
