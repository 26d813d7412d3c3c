/** Which form an answer takes: `?format=` for links, else the Accept header, else JSON. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";

export const FORMS = {
  json: "application/json",
  csv: "text/csv",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  parquet: "application/vnd.apache.parquet",
  arrow: "application/vnd.apache.arrow.stream",
} as const;
export type Form = keyof typeof FORMS;

/** @throws TesseraError bad-request for a format that is not offered */
export const negotiate = (format: string | undefined, accept: string | undefined): Form => {
  if (format !== undefined && format !== "") {
    if (Object.hasOwn(FORMS, format)) return format as Form;
    throw new TesseraError("bad-request", phrase`unknown format ${format.slice(0, 40)}`, {
      place: "?format",
      remedy: phrase`take one of ${Object.keys(FORMS).join(", ")}`,
    });
  }
  const wanted = (accept ?? "")
    .split(",")
    .map((part) => {
      const [type = "", ...parameters] = part.trim().toLowerCase().split(";");
      const q = Number(parameters.map((p) => /^\s*q=([\d.]+)/.exec(p)?.[1]).find((v) => v !== undefined) ?? 1);
      return { type: type.trim(), q: Number.isFinite(q) ? q : 0 };
    })
    .filter((w) => w.q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { type } of wanted) {
    if (type === "*/*" || type === "application/*") return "json";
    for (const form of Object.keys(FORMS) as Form[]) if (FORMS[form] === type) return form;
  }
  return "json";
};
