export { campaign } from "./campaign.ts";
export { channel } from "./channel.ts";
export { customer } from "./customer.ts";
export { date } from "./date.ts";
export { product } from "./product.ts";
export { salesperson } from "./salesperson.ts";
export { topic } from "./topic.ts";
