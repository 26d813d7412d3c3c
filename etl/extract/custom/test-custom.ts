import { phrase, TesseraError } from "../../../engine/errors/index.ts";
import type { CustomSource } from "../../declare/sources/custom.ts";
import type { TestContext } from "../source-kind.ts";
import { settingsOf } from "./rows-request.ts";
import { sourceFailed } from "./source-failed.ts";

const MILLISECONDS = 10_000;

/** Asks the source's own `test`, else reads until its first row. @throws TesseraError `source-unavailable` */
export async function testCustom(source: CustomSource, { folder, environment, place }: TestContext): Promise<string> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), MILLISECONDS);
  const request = { settings: settingsOf(source, environment), folder, signal: stop.signal };
  try {
    if (source.test !== undefined) return await source.test(request);
    const rows = source.rows({ ...request, job: "test", cursor: null, until: null, options: {} });
    for await (const row of rows) if (!Array.isArray(row) || row.length > 0) return "gives rows";
    return "gives no rows";
  } catch (error) {
    if (stop.signal.aborted)
      throw new TesseraError("source-unavailable", phrase`no answer within ${MILLISECONDS / 1000} s`, {
        place,
        remedy: "try again later, or give the source a quicker `test`",
        cause: error,
      });
    throw sourceFailed(error, source.name);
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}
