import { TesseraError } from "../../../engine/errors/index.ts";
import type { RestSource } from "../../declare/sources/rest.ts";
import type { TestContext } from "../source-kind.ts";
import { restClient } from "./rest-client.ts";

const SECONDS = 10;

/** Asks the base address. @throws TesseraError `source-unavailable`, `source-refused` */
export async function testRest(source: RestSource, { environment }: TestContext): Promise<string> {
  const client = restClient({ ...source, retries: 0, timeout: SECONDS }, environment, new AbortController().signal);
  try {
    await client.get(client.base);
  } catch (error) {
    // any answer will do: the base address need not be a resource
    if (!(error instanceof TesseraError) || error.code !== "source-refused" || /40[13]/.test(error.message))
      throw error;
  }
  return `${client.base.host} answers`;
}
