/** Made-up values that replace a person's own; they are of the same kind, so that joins and casts still work. */
import { randomBytes, randomInt } from "node:crypto";

/** A made-up number or address in place of a value. @param random a number from 0 to a bound; tests fix it */
export function pseudonymOf(value: string, random: (below: number) => number = randomInt): string {
  const [, prefix] = /^([A-Za-z]{0,4}[-_]?)\d+$/.exec(value.trim()) ?? [];
  // twelve digits: above the numbers of real systems, and within 64 bits
  if (prefix !== undefined) return `${prefix}${900_000_000_000 + random(99_999_999_999)}`;
  return value.includes("@") ? aliasAddress() : `erased-${randomBytes(8).toString("hex")}`;
}

/** A made-up e-mail address; its domain can never exist (RFC 2606). */
export const aliasAddress = (): string => `${randomBytes(8).toString("hex")}@erased.invalid`;
