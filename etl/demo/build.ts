/** The demo company: its source systems, its service desk and the settings of its project. */
import { join } from "node:path";
import { generate, type GenerateOptions } from "./generate.ts";
import { DESK_TOKEN as deskToken } from "./service-desk.ts";
import { DESK_TOKEN, DESK_URL, ERP_FILE, MARKETING_FOLDER, SHOP_FOLDER } from "./sources.ts";

export { startServiceDesk, type ServiceDesk } from "./service-desk.ts";
export { GENERATOR_VERSION, type GenerateOptions, type Progress } from "./generate.ts";

/**
 * Builds the demo's source systems under `home` (for example `.tessera/demo`), unless they exist.
 * @returns whether they were built
 */
export const buildDemo = (options: GenerateOptions): Promise<boolean> => generate(options);

/**
 * The environment variables of the demo's sources. Without `deskUrl`, that of the running service desk, the desk is
 * unreachable.
 */
export function demoSecrets(home: string, deskUrl = "http://127.0.0.1:9"): { readonly [name: string]: string } {
  return {
    [ERP_FILE]: join(home, "systems", "erp.sqlite"),
    [SHOP_FOLDER]: join(home, "systems", "shop"),
    [MARKETING_FOLDER]: join(home, "systems", "marketing"),
    [DESK_URL]: deskUrl,
    [DESK_TOKEN]: deskToken,
  };
}
