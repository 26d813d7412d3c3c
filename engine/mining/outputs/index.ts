/** What every technique declares about its outputs: all that `defineModel` needs, without loading any fitting code. */
import { CUSTOMER_OUTPUTS } from "./customers.ts";
import { PRODUCT_AND_CHANNEL_OUTPUTS } from "./products-and-channels.ts";

/** Name, title, outputs and main output of each technique. */
export const OUTPUTS = { ...CUSTOMER_OUTPUTS, ...PRODUCT_AND_CHANNEL_OUTPUTS } as const;
