/** Phone numbers in international form; each distinct text is parsed once. */
import { at } from "../../engine/lookup.ts";
import type { DuckDBConnection } from "duckdb";
import type { CountryCode } from "libphonenumber-js";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { openChunkWriter } from "../extract/chunk-writer.ts";
import { inScratch, SCRATCH } from "../extract/extracted.ts";

/** Digits alone, as many as numbers with their country code have. */
const BARE = /^[1-9]\d{10,14}$/;

/**
 * Fills a scratch table `(raw, phone)`; an invalid number has a null phone.
 * @param value SQL of the number over `table`
 * @throws TesseraError `job-invalid` for an unknown country
 */
export async function makePhoneTable(
  connection: DuckDBConnection,
  name: string,
  table: string,
  value: string,
  country: string,
  place: string,
): Promise<void> {
  const { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } = await phoneNumbers();
  const international = (text: string, code: CountryCode): string | undefined => {
    // spreadsheets take the plus sign away: without the 0 of a national number, 491712345678 has its country code
    const bare = text.trim();
    const whole = BARE.test(bare) ? parsePhoneNumberFromString(`+${bare}`) : undefined;
    if (whole?.isValid() && whole.countryCallingCode === getCountryCallingCode(code)) return whole.number;
    const parsed = parsePhoneNumberFromString(text, code);
    return parsed?.isPossible() ? parsed.number : undefined;
  };
  const code = country.toUpperCase();
  if (!isSupportedCountry(code))
    throw new TesseraError("job-invalid", phrase`country "${country}" not found`, {
      place,
      remedy: "write its two letters, for example phone:DE",
    });
  const distinct = await connection.runAndReadAll(`SELECT DISTINCT ${value} AS v FROM ${table} WHERE v IS NOT NULL`);
  await connection.run(`CREATE OR REPLACE TABLE ${inScratch(name)} (raw VARCHAR, phone VARCHAR)`);
  const writer = await openChunkWriter(connection, SCRATCH, name);
  for (const text of distinct.getColumnsJson()[0] ?? []) {
    const phone = international(String(text), code);
    at(writer.columns, 0).setText(writer.row, String(text));
    if (phone === undefined) at(writer.columns, 1).setNull(writer.row);
    else at(writer.columns, 1).setText(writer.row, phone);
    writer.next();
  }
  writer.close();
}

/** The numbering plans of all countries; loaded for the first number. */
const phoneNumbers = () => import("libphonenumber-js");

/** Whether the two letters name a country with phone numbers. */
export const isPhoneCountry = async (code: string): Promise<boolean> => (await phoneNumbers()).isSupportedCountry(code);
