import { spelled } from "../world/names.ts";
import type { City } from "../world/geography.ts";
import type { Random } from "../world/random.ts";

/** A typing error: two letters are swapped or one is missing. */
function typo(random: Random, text: string): string {
  if (text.length < 4) return text;
  const position = 1 + random.int(text.length - 2);
  const [before, after] = [text.slice(0, position), text.slice(position + 1)];
  return random.chance(0.5) ? before + after : before + after.charAt(0) + text.charAt(position) + after.slice(1);
}

/** A name as people type it: capitals, blanks, umlauts spelled out, errors. */
export function dirtyName(random: Random, name: string): string {
  const x = random.next();
  if (x < 0.8) return name;
  if (x < 0.84) return name.toUpperCase();
  if (x < 0.89) return name.toLowerCase();
  if (x < 0.92) return ` ${name} `;
  if (x < 0.97) return spelled(name);
  if (x < 0.98) return typo(random, name);
  return name.normalize("NFD");
}

export function dirtyEmail(random: Random, email: string): string {
  const x = random.next();
  if (x < 0.86) return email;
  if (x < 0.9) return email.toUpperCase();
  if (x < 0.94) return email.charAt(0).toUpperCase() + email.slice(1);
  if (x < 0.97) return `${email} `;
  if (x < 0.978) return typo(random, email.slice(0, email.indexOf("@"))) + email.slice(email.indexOf("@"));
  if (x < 0.982) return email.replace("@", " at ");
  return "";
}

const NO_TRUNK_ZERO = new Set(["PL", "CZ", "DK", "IT", "ES"]);

export function dirtyPhone(random: Random, phone: string, city: City): string {
  if (phone === "") return "";
  const zero = NO_TRUNK_ZERO.has(city.code) ? "" : "0";
  const [a, b] = [phone.slice(0, 3), phone.slice(3)];
  const x = random.next();
  if (x < 0.3) return `+${city.prefix}${phone}`;
  if (x < 0.45) return `${zero}${phone}`;
  if (x < 0.6) return `${zero}${a} ${b.slice(0, 3)} ${b.slice(3)}`;
  if (x < 0.7) return `+${city.prefix} ${a} ${b}`;
  if (x < 0.78) return `${zero}${a}/${b}`;
  if (x < 0.84) return `00${city.prefix}${phone}`;
  if (x < 0.89) return zero === "" ? `+${city.prefix} ${phone}` : `+${city.prefix} (0)${a}-${b}`;
  if (x < 0.9) return `${zero}${typo(random, phone)}`;
  if (x < 0.905) return "unknown";
  return "";
}

/** A person as recorded in one system. */
export interface Written {
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly phone: string;
  readonly street: string;
  readonly postcode: string;
}

export interface Clean {
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly phone: string;
  readonly street: string;
  readonly postcode: string;
  readonly city: City;
}

export function writeDown(random: Random, person: Clean): Written {
  const swapped = random.chance(0.012);
  const first = dirtyName(random, person.first);
  const last = dirtyName(random, person.last);
  return {
    first: swapped ? last : first,
    last: swapped ? first : last,
    email: dirtyEmail(random, person.email),
    phone: dirtyPhone(random, person.phone, person.city),
    street: random.chance(0.06)
      ? person.street.replace(/straße/, "str.").replace(/straat/, "str.")
      : dirtyName(random, person.street),
    postcode: random.chance(0.02) ? "" : person.postcode,
  };
}
