import { env, files, rest, sqlite } from "../index.ts";

/** Set by `demoSecrets`: the demo's own folders and the address of its service desk while it runs. */
export const ERP_FILE = "NORTHGATE_ERP";
export const SHOP_FOLDER = "NORTHGATE_SHOP";
export const MARKETING_FOLDER = "NORTHGATE_MARKETING";
export const DESK_URL = "NORTHGATE_DESK_URL";
export const DESK_TOKEN = "NORTHGATE_DESK_TOKEN";

export const erp = sqlite({ name: "erp", title: "ERP", path: env(ERP_FILE) });
export const shop = files({ name: "shop", title: "Web shop's drops", path: env(SHOP_FOLDER) });
export const marketing = files({
  name: "marketing",
  title: "Marketing's workbook and lists",
  path: env(MARKETING_FOLDER),
});
export const desk = rest({
  name: "desk",
  title: "Service desk",
  baseUrl: env(DESK_URL),
  auth: { bearer: env(DESK_TOKEN) },
  pagination: { kind: "cursor", next: "$.meta.next", parameter: "cursor", size: 5_000, sizeParameter: "limit" },
});
