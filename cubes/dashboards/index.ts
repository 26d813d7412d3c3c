export { customers } from "./customers.ts";
export { marketing } from "./marketing.ts";
export { overview } from "./overview.ts";
export { programmeDashboard } from "./programme.ts";
export { salesDashboard } from "./sales.ts";
export { serviceDashboard } from "./service.ts";
