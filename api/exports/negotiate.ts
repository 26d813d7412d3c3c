/** The format of an answer: `?format=` for links, else the Accept header, else JSON. */
import { parseAccept } from "hono/utils/accept";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { ExportFormat } from "./export-format.ts";
import { FORMATS, formatNamed } from "./formats.ts";

/** @throws TesseraError `bad-request` for an unknown `format` */
export const negotiate = (format: string | undefined, accept: string | undefined): ExportFormat => {
  if (format !== undefined && format !== "") {
    const named = formatNamed(format);
    if (named) return named;
    throw new TesseraError("bad-request", phrase`format "${format.slice(0, 40)}" is not supported`, {
      place: "?format",
      remedy: phrase`use one of ${FORMATS.map(({ name }) => name).join(", ")}`,
    });
  }
  for (const { type, q } of parseAccept(accept ?? "")) {
    const wanted = type.toLowerCase();
    if (q <= 0) continue;
    if (wanted === "*/*" || wanted === "application/*") return FORMATS[0];
    const found = FORMATS.find(({ mediaType }) => mediaType === wanted);
    if (found) return found;
  }
  return FORMATS[0];
};
