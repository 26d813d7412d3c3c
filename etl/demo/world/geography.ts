import { required } from "../../../engine/lookup.ts";

/** Where customers live: country|code|phone prefix|language|weight, then regions with their cities and weights. */
const TABLE = `
Germany|DE|49|de|48>
  Bavaria:Munich 15,Nuremberg 5,Augsburg 3,Regensburg 2,Würzburg 1;
  North Rhine-Westphalia:Cologne 10,Düsseldorf 6,Dortmund 6,Essen 5,Münster 3;
  Baden-Württemberg:Stuttgart 7,Karlsruhe 3,Freiburg 3,Mannheim 3;Berlin:Berlin 14;Hamburg:Hamburg 9;
  Hesse:Frankfurt 8,Wiesbaden 3,Kassel 2;Saxony:Leipzig 5,Dresden 5;Lower Saxony:Hanover 5,Göttingen 2,Lüneburg 1
Austria|AT|43|de|9>
  Vienna:Vienna 12;Styria:Graz 3;Upper Austria:Linz 3;Salzburg:Salzburg 2;Tyrol:Innsbruck 2
Switzerland|CH|41|de|6>
  Zurich:Zürich 7,Winterthur 2;Bern:Bern 3;Basel:Basel 3;Geneva:Genève 3
Netherlands|NL|31|nl|8>
  North Holland:Amsterdam 8,Haarlem 2;South Holland:Rotterdam 6,The Hague 5,Leiden 1;Utrecht:Utrecht 4;
  North Brabant:Eindhoven 3,Tilburg 2
Belgium|BE|32|nl|4>
  Flanders:Antwerp 4,Ghent 3,Bruges 1;Brussels:Brussels 5;Wallonia:Liège 2,Namur 1
France|FR|33|fr|8>
  Île-de-France:Paris 12,Versailles 2;Auvergne-Rhône-Alpes:Lyon 5,Grenoble 2;Provence:Marseille 5,Nice 3;
  Grand Est:Strasbourg 3,Reims 1
Poland|PL|48|pl|6>
  Masovia:Warsaw 8;Lesser Poland:Kraków 4;Lower Silesia:Wrocław 4;Pomerania:Gdańsk 3;Greater Poland:Poznań 3
Czechia|CZ|420|pl|3>
  Prague:Praha 6;Moravia:Brno 3,Olomouc 1
Denmark|DK|45|da|3>
  Capital Region:København 6;Central Jutland:Aarhus 3;Southern Denmark:Odense 2
Italy|IT|39|it|3>
  Lombardy:Milano 6,Bergamo 1;Lazio:Roma 5;Veneto:Verona 2,Padova 2
Spain|ES|34|es|2>
  Madrid:Madrid 5;Catalonia:Barcelona 5;Andalusia:Málaga 2,Sevilla 2`;

export interface City {
  readonly name: string;
  readonly region: string;
  readonly country: string;
  readonly code: string;
  readonly prefix: string;
  readonly language: Language;
  readonly weight: number;
}
const LANGUAGES = ["de", "nl", "fr", "pl", "da", "it", "es"] as const;
export type Language = (typeof LANGUAGES)[number];
const isLanguage = (text: string): text is Language => LANGUAGES.some((language) => language === text);

const inner = (weights: number[]): number => weights.reduce((sum, weight) => sum + weight, 0);

export const CITIES: readonly City[] = TABLE.trim()
  .replaceAll("\n  ", "")
  .split("\n")
  .flatMap((line) => {
    const [head = "", tail = ""] = line.split(">");
    const [country = "", code = "", prefix = "", language = "", weight] = head.split("|");
    if (!isLanguage(language)) throw new Error(`language ${language} is missing`);
    const cities = tail.split(";").flatMap((part) => {
      const [region = "", list = ""] = part.split(":");
      return list.split(",").map((entry) => {
        const at = entry.lastIndexOf(" ");
        return {
          name: entry.slice(0, at),
          region,
          country,
          code,
          prefix,
          language,
          weight: Number(entry.slice(at + 1)),
        };
      });
    });
    const total = inner(cities.map((city) => city.weight));
    return cities.map((city) => ({ ...city, weight: (city.weight / total) * Number(weight) }));
  });

/** Sales territories of the field force: the countries and regions that each covers. */
export const TERRITORIES = [
  { name: "South", country: "Germany", regions: ["Bavaria", "Baden-Württemberg"] },
  { name: "West", country: "Germany", regions: ["North Rhine-Westphalia", "Hesse"] },
  { name: "North and East", country: "Germany", regions: ["Berlin", "Hamburg", "Saxony", "Lower Saxony"] },
  {
    name: "Alps",
    country: "Austria",
    regions: ["Vienna", "Styria", "Upper Austria", "Salzburg", "Tyrol", "Zurich", "Bern", "Basel", "Geneva"],
  },
  {
    name: "Low Countries",
    country: "Netherlands",
    regions: ["North Holland", "South Holland", "Utrecht", "North Brabant", "Flanders", "Brussels", "Wallonia"],
  },
  { name: "France", country: "France", regions: ["Île-de-France", "Auvergne-Rhône-Alpes", "Provence", "Grand Est"] },
  {
    name: "Central Europe",
    country: "Poland",
    regions: ["Masovia", "Lesser Poland", "Lower Silesia", "Pomerania", "Greater Poland", "Prague", "Moravia"],
  },
  {
    name: "Nordic and Mediterranean",
    country: "Denmark",
    regions: [
      "Capital Region",
      "Central Jutland",
      "Southern Denmark",
      "Lombardy",
      "Lazio",
      "Veneto",
      "Madrid",
      "Catalonia",
      "Andalusia",
    ],
  },
] as const;

const territoryByRegion = new Map(
  TERRITORIES.flatMap((territory, i) => territory.regions.map((region): [string, number] => [region, i])),
);
export const territoryOf = (city: City): number => required(territoryByRegion, city.region, "territory of region");
