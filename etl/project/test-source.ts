/** Tests whether a source answers, without reading it. */
import { redactor, redactError } from "../declare/redact.ts";
import type { Environment } from "../declare/secret.ts";
import type { Source } from "../declare/sources/source.ts";
import { kindOf } from "../extract/kinds.ts";

/** What was found, in words. @throws TesseraError `source-unavailable`, `source-refused`, `secret-missing` */
export async function testSource(
  source: Source,
  folder: string,
  environment: Environment = process.env,
): Promise<string> {
  const place = `source ${source.name}`;
  return await kindOf(source)
    .test(source, { folder, environment, place })
    .catch((error: unknown) => {
      throw redactError(error, redactor({ sources: { source } }, environment));
    });
}
