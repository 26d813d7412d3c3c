/** Phone numbers in their international form: each distinct text is looked at once. */
import type { DuckDBConnection } from "duckdb";
import type { CountryCode } from "libphonenumber-js";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { openChunkWriter } from "../extract/chunk-writer.ts";
import { inScratch, SCRATCH } from "../extract/extracted.ts";

/** Fills a scratch table `(raw, phone)`; a text that is no number has a null phone. `value` is SQL over the table. */
export async function makePhoneTable(
  connection: DuckDBConnection,
  name: string,
  table: string,
  value: string,
  country: string,
  place: string,
): Promise<void> {
  const { isSupportedCountry, parsePhoneNumberFromString } = await phoneNumbers();
  const international = (text: string, code: CountryCode): string | undefined => {
    const parsed = parsePhoneNumberFromString(text, code);
    return parsed?.isPossible() ? parsed.number : undefined;
  };
  const code = country.toUpperCase();
  if (!isSupportedCountry(code))
    throw new TesseraError("job-invalid", phrase`${country} is no country that has phone numbers`, {
      place,
      remedy: "write two letters, as phone:DE",
    });
  const distinct = await connection.runAndReadAll(`SELECT DISTINCT ${value} AS v FROM ${table} WHERE v IS NOT NULL`);
  await connection.run(`CREATE OR REPLACE TABLE ${inScratch(name)} (raw VARCHAR, phone VARCHAR)`);
  const writer = await openChunkWriter(connection, SCRATCH, name);
  for (const text of distinct.getColumnsJson()[0] ?? []) {
    const phone = international(String(text), code);
    writer.columns[0]!.setText(writer.row, String(text));
    if (phone === undefined) writer.columns[1]!.setNull(writer.row);
    else writer.columns[1]!.setText(writer.row, phone);
    writer.next();
  }
  writer.close();
}

/** Every country's plan of numbers: read where there are numbers. */
const phoneNumbers = () => import("libphonenumber-js");

export const isPhoneCountry = async (code: string): Promise<boolean> => (await phoneNumbers()).isSupportedCountry(code);
