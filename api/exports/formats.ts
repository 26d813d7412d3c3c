/** The formats of answers, JSON first: it answers where nothing else is asked for. A new format adds one entry. */
import { present } from "../../engine/lookup.ts";
import { pivot } from "../../engine/query/language/pivot.ts";
import { csv } from "./csv.ts";
import type { ExportFormat } from "./export-format.ts";
import { xlsx } from "./xlsx.ts";

const json: ExportFormat = {
  name: "json",
  mediaType: "application/json",
  isText: true,
  write: async ({ result }, { indented }) => JSON.stringify(await result(), null, indented ? 2 : undefined),
};

export const FORMATS: readonly [ExportFormat, ...ExportFormat[]] = [
  json,
  {
    name: "csv",
    mediaType: "text/csv",
    isText: true,
    write: async ({ result, across }, options) => csv(pivot(await result(), across), options),
  },
  {
    name: "xlsx",
    mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    isText: false,
    write: async ({ result, across, title }, { raw, about, asOf }) => {
      const answer = pivot(await result(), across);
      return xlsx(answer, { title, asOf, raw: raw === true, ...(about && { about: about(answer) }) });
    },
  },
  {
    name: "parquet",
    mediaType: "application/vnd.apache.parquet",
    isText: false,
    suits: ({ parquet }) => parquet !== undefined,
    write: ({ parquet }) => present(parquet, "Parquet answer")(),
  },
  {
    name: "arrow",
    mediaType: "application/vnd.apache.arrow.stream",
    isText: false,
    suits: ({ arrow }) => arrow !== undefined,
    write: ({ arrow }) => present(arrow, "Arrow answer")(),
  },
];

/** The format of a name. */
export const formatNamed = (name: string): ExportFormat | undefined => FORMATS.find((format) => format.name === name);
