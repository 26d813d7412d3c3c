import { parseHTML } from "linkedom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../../api/app.ts";
import { en, type Catalogue } from "../../../api/i18n/index.ts";
import { pluralOf } from "../../../api/i18n/plural.ts";
import { openCampaignShop } from "../support/campaign-shop.ts";
import { openSmallShop, type SmallShop } from "../support/small-shop.ts";

type Shop = Pick<SmallShop, "project" | "close">;

/** Every text in brackets, so that what does not come from the catalogue shows. */
const bracketed = <T>(texts: T): T => {
  if (typeof texts === "string") return `⟦${texts}⟧` as T;
  if (typeof texts === "function") return ((...values: unknown[]) => `⟦${texts(...values)}⟧`) as T;
  return Object.fromEntries(Object.entries(texts as object).map(([key, each]) => [key, bracketed(each)])) as T;
};
const pseudo: Catalogue = { ...bracketed(en), language: "en", actions: en.actions, messages: {} };

/** Attributes that a person reads or hears. */
const SPOKEN = ["aria-label", "title", "placeholder"];
/** Words of numbers, dates, units and notations. */
const NOTATION =
  /^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Q[1-4]|FY|W\d+|ms|s|min|h|d|pts|K|M|B|yes|no|unknown|empty|Tessera|Enter|Esc|g|e|c|l|p|UTC|CUPED|ETS|A|N|T|Z|Q)$/i;

/** Examples of names, such as `cases_per_order`. */
const EXAMPLE = /^\w+(_\w+)+$/;

const wordsOf = (text: string): string[] => text.match(/\p{L}+/gu) ?? [];

/** Takes out bracketed texts, inner ones first. */
const outside = (text: string): string => {
  const next = text.replace(/⟦[^⟦⟧]*⟧/g, " ");
  return next === text ? text : outside(next);
};

/** The words of a page that come neither from the catalogue nor from data. */
const strays = (html: string, data: ReadonlySet<string>): string[] => {
  const { document } = parseHTML(html);
  for (const hidden of document.querySelectorAll(
    "script, style, code, pre, svg, kbd, .mono, .note, .notes, .rollups, datalist",
  ))
    hidden.remove();
  const elements = [...document.querySelectorAll("body, body *")];
  const texts = elements.flatMap((element) => [
    [...element.childNodes].map((node) => (node.nodeType === 3 ? (node.textContent ?? "") : "⟦⟧")).join(""),
    ...SPOKEN.map((name) => element.getAttribute(name) ?? ""),
  ]);
  const words = texts.filter((text) => !EXAMPLE.test(text)).flatMap((text) => wordsOf(outside(text)));
  return [...new Set(words)].filter((word) => !NOTATION.test(word) && !data.has(word.toLowerCase()));
};

/** Every word of the project's declarations and of the members on its pages. */
const dataOf = async ({ project }: Shop): Promise<ReadonlySet<string>> => {
  const catalog = project.catalog();
  const members = await Promise.all(
    catalog.roles
      .flatMap((role) => role.attributes)
      .concat(catalog.cubes.flatMap((cube) => cube.attributes))
      .filter((attribute) => attribute.type === "string")
      .map((attribute) => project.members(attribute.member, { limit: 1000 })),
  );
  const seen = new WeakSet<object>();
  const spec = JSON.stringify(project.spec, (_, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return undefined;
    seen.add(value);
    return value;
  });
  return new Set(wordsOf(`${spec} ${JSON.stringify(catalog)} ${JSON.stringify(members)}`).map((w) => w.toLowerCase()));
};

const SHOP_PAGES = [
  "/",
  "/dashboards/service",
  "/explore",
  "/explore?measures=sales.revenue&by=customer.country&across=date.year&explain=1",
  "/explore?measures=sales.revenue&by=customer.country&pick=customer.country",
  "/explore/rows?measures=sales.revenue&cell=customer.country:Germany",
  "/customers",
  "/customers?search=nobody-has-this",
  "/customers/7",
  "/segments",
  "/programme",
  "/model",
  "/campaigns/plan",
  "/why?measures=sales.revenue",
];
/** Answers whose sentences the mining techniques write. */
const FINDINGS: readonly (readonly [route: string, body: object])[] = [
  [
    "/v1/drivers",
    { measure: "sales.revenue", before: ["2024-01-01", "2024-12-31"], after: ["2025-01-01", "2025-12-31"] },
  ],
  ["/v1/experiments/evaluate", { name: "seasons" }],
];
const CAMPAIGN_PAGES = ["/campaigns", "/campaigns/seasons/spring", "/channels"];

describe("every visible text of a page comes from the catalogue", () => {
  let shop: SmallShop;
  let campaigns: Shop;
  beforeAll(async () => {
    [shop, campaigns] = await Promise.all([openSmallShop(), openCampaignShop()]);
  });
  afterAll(() => Promise.all([shop.close(), campaigns.close()]));

  const check = async (of: Shop, path: string): Promise<void> => {
    const app = createApp({ project: of.project, words: pseudo });
    const answer = await app.request(path, { headers: { Accept: "text/html" } });
    expect(answer.status).toBe(200);
    const html = await answer.text();
    expect(html).toContain("⟦");
    const findings = FINDINGS.map(async ([route, body]) => {
      const headers = { "Content-Type": "application/json" };
      const answer = await app.request(route, { method: "POST", headers, body: JSON.stringify(body) });
      return answer.ok ? answer.text() : "";
    });
    const told = wordsOf((await Promise.all(findings)).join(" ")).map((word) => word.toLowerCase());
    const address = wordsOf(decodeURIComponent(path)).map((word) => word.toLowerCase());
    expect(strays(html, new Set([...(await dataOf(of)), ...address, ...told]))).toEqual([]);
  };
  it.each(SHOP_PAGES)("%s", (path) => check(shop, path));
  it.each(CAMPAIGN_PAGES)("%s", (path) => check(campaigns, path));
});

describe("plural forms", () => {
  it("follow the language's own rules", () => {
    const forms = { one: "строка", few: "строки", many: "строк", other: "строки" };
    expect([1, 2, 5, 21].map((count) => pluralOf("ru")(count, forms))).toEqual(["строка", "строки", "строк", "строка"]);
    expect([1, 2].map((count) => pluralOf("en")(count, { one: "row", other: "rows" }))).toEqual(["row", "rows"]);
  });
});
