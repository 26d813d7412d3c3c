/** Plurals and numbers in English. */
import { numbersOf, pluralOf } from "../plural.ts";

export const plural = pluralOf("en");
export const number = numbersOf("en-US");

/** `1 row`, `1,204 rows` */
export const counted = (count: number, one: string, other: string): string =>
  `${number(count)} ${plural(count, { one, other })}`;
