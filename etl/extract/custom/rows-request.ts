/** What a project's source is asked for. */
import type { CustomExtract } from "../../declare/job.ts";
import { resolveSetting, type Environment } from "../../declare/secret.ts";
import type { CustomSource, RowsRequest } from "../../declare/sources/custom.ts";
import { lowerBound } from "../cursor.ts";
import type { ExtractContext } from "../extracted.ts";

/** @throws TesseraError `secret-missing`; `job-invalid` for a lag with a cursor that is not a time */
export function rowsRequest(context: ExtractContext, source: CustomSource, extract: CustomExtract): RowsRequest {
  const { job, since, backfill, folder, environment, signal } = context;
  const cursor = since === null ? null : lowerBound(since, extract.lag, `job ${job.name}`);
  return {
    job: job.name,
    cursor: extract.cursor === undefined ? null : (backfill?.from ?? cursor),
    until: backfill?.until ?? null,
    options: extract.options ?? {},
    settings: settingsOf(source, environment),
    folder,
    signal,
  };
}

/** The source's settings with their values. @throws TesseraError `secret-missing` */
export const settingsOf = (source: CustomSource, environment: Environment): { readonly [name: string]: string } =>
  Object.fromEntries(
    Object.entries(source.settings ?? {}).map(([name, setting]) => [
      name,
      resolveSetting(setting, environment, `source ${source.name}`),
    ]),
  );
