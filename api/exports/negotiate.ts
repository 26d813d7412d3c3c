/** The format of an answer: `?format=` for links, else the Accept header, else JSON. */
import { parseAccept } from "hono/utils/accept";
import { TesseraError, phrase } from "../../engine/errors/index.ts";

/** Media types by format name. */
export const FORMS = {
  json: "application/json",
  csv: "text/csv",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  parquet: "application/vnd.apache.parquet",
  arrow: "application/vnd.apache.arrow.stream",
} as const;

export type Form = keyof typeof FORMS;

const isForm = (name: string): name is Form => Object.hasOwn(FORMS, name);

/** The names of the formats. */
export const FORM_NAMES: readonly Form[] = Object.keys(FORMS).filter(isForm);

/** @throws TesseraError `bad-request` for an unknown `format` */
export const negotiate = (format: string | undefined, accept: string | undefined): Form => {
  if (format !== undefined && format !== "") {
    if (isForm(format)) return format;
    throw new TesseraError("bad-request", phrase`format "${format.slice(0, 40)}" is not supported`, {
      place: "?format",
      remedy: phrase`use one of ${FORM_NAMES.join(", ")}`,
    });
  }
  for (const { type, q } of parseAccept(accept ?? "")) {
    const wanted = type.toLowerCase();
    if (q <= 0) continue;
    if (wanted === "*/*" || wanted === "application/*") return "json";
    const found = FORM_NAMES.find((form) => FORMS[form] === wanted);
    if (found) return found;
  }
  return "json";
};
