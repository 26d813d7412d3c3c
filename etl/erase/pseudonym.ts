/** Made-up values that stand where a person's own stood, of the same kind, so that joins and casts go on working. */
import { randomBytes, randomInt } from "node:crypto";

/** @param random numbers from 0 up to a bound, tests fix it */
export function pseudonymOf(value: string, random: (below: number) => number = randomInt): string {
  const numbered = /^([A-Za-z]{0,4}[-_]?)\d+$/.exec(value.trim());
  // twelve digits: beyond what systems count, and within a whole number of eight bytes
  if (numbered) return `${numbered[1]!}${String(900_000_000_000 + random(99_999_999_999))}`;
  return value.includes("@") ? aliasAddress() : `erased-${randomBytes(8).toString("hex")}`;
}

/** The domain can never exist (RFC 2606). */
export const aliasAddress = (): string => `${randomBytes(8).toString("hex")}@erased.invalid`;
