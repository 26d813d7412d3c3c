import { at } from "../../../engine/lookup.ts";
import { NAMES } from "./names.ts";
import { TERRITORIES } from "./geography.ts";
import { isoDay } from "./calendar.ts";
import { Random } from "./random.ts";

export interface Salesperson {
  readonly id: number;
  readonly name: string;
  readonly team: string;
  /** index into TERRITORIES; -1 for the head */
  readonly territory: number;
  /** 0 for the head of sales */
  readonly managerId: number;
  readonly leads: boolean;
  readonly hiredOn: string;
  readonly active: boolean;
  /** 0.7 to 1.3: success in closing deals */
  readonly skill: number;
}

/** A head, a leader for every second territory and four or five sellers in each territory: some forty people. */
export function makeSalespeople(seed: number): readonly Salesperson[] {
  const random = new Random(seed, "people");
  const languages = ["de", "de", "de", "de", "nl", "fr", "pl", "da"] as const;
  const called = (territory: number): string => {
    const names = NAMES[at(languages, territory)];
    return `${random.pick(random.chance(0.5) ? names.female : names.male)} ${random.pick(names.last)}`;
  };
  const people: Salesperson[] = [
    {
      id: 1,
      name: called(0),
      team: "Management",
      territory: -1,
      managerId: 0,
      leads: true,
      hiredOn: "2016-03-01",
      active: true,
      skill: 1,
    },
  ];
  for (let t = 0; t < TERRITORIES.length; t += 2) {
    people.push({
      id: people.length + 1,
      name: called(t),
      team: `Team ${1 + t / 2}`,
      territory: t,
      managerId: 1,
      leads: true,
      hiredOn: isoDay(-random.between(100, 390)),
      active: true,
      skill: 1,
    });
  }
  for (let t = 0; t < TERRITORIES.length; t++) {
    for (let k = 0; k < (t % 2 === 0 ? 5 : 4); k++) {
      people.push({
        id: people.length + 1,
        name: called(t),
        team: `Team ${1 + Math.floor(t / 2)}`,
        territory: t,
        managerId: 2 + Math.floor(t / 2),
        leads: false,
        hiredOn: isoDay(random.between(-390, 300)),
        active: !random.chance(0.06),
        skill: 0.7 + 0.6 * random.next(),
      });
    }
  }
  return people;
}
