import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../api/app.ts";
import { runLoad } from "../../../etl/index.ts";
import { openSmallShop, type SmallShop } from "../support/small-shop.ts";

const PEOPLE = [
  ["901", "王小明", "xm@mail.example", "+8613800138000"],
  ["902", "Анна Иванова", "anna@post.example", "+74951234567"],
  ["903", "Łukasz Nowak", "lukasz.nowak@mail.example", "+48221234567"],
  ["904", "Jürgen Müllner", "j.m@mail.example", "+49173602439"],
  ["905", "Guenther Schmidt", "g.schmidt@mail.example", "+493055501"],
  ["906", "Søren Ångström", "soren@mail.example", "+4533123456"],
] as const;

let shop: SmallShop;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  shop = await openSmallShop();
  const rows = PEOPLE.map((person) => [...person, "Germany", "Berlin", "Gold"].join(","));
  const header = "customer_id,name,email,phone,country,city,tier";
  writeFileSync(join(shop.folder, "drops", "customers-2.csv"), `${[header, ...rows].join("\n")}\n`);
  await runLoad({ folder: shop.folder });
  await shop.project.refresh();
  app = createApp({ project: shop.project });
});
afterAll(() => shop.close());

const found = async (search: string): Promise<string[]> => {
  const answer = await app.request(`/v1/customers?search=${encodeURIComponent(search)}`);
  expect(answer.status).toBe(200);
  const { customers } = (await answer.json()) as { customers: { "customer.name": string }[] };
  return customers.map((each) => each["customer.name"]);
};

describe("customers are found as they are spoken and written", () => {
  test.each([
    ["Chinese in Latin letters", "wang", "王小明"],
    ["both names, in either order", "xiaoming wang", "王小明"],
    ["Chinese as it is written", "王小", "王小明"],
    ["Cyrillic in Latin letters", "ivanova", "Анна Иванова"],
    ["Cyrillic as it is written", "иванова", "Анна Иванова"],
    ["a letter with a stroke", "lukasz", "Łukasz Nowak"],
    ["an umlaut as two letters", "muellner", "Jürgen Müllner"],
    ["an umlaut as one", "mullner", "Jürgen Müllner"],
    ["the umlaut itself", "müllner", "Jürgen Müllner"],
    ["letters of the north", "soren angstrom", "Søren Ångström"],
    ["a name with one wrong letter", "Schmitt", "Guenther Schmidt"],
    ["a name with a letter left out", "guenter", "Guenther Schmidt"],
    ["the beginning of a name", "guen", "Guenther Schmidt"],
    ["a phone number with a trunk zero", "0173 602439", "Jürgen Müllner"],
    ["a phone number with 00", "0049 173 602439", "Jürgen Müllner"],
    ["a phone number with (0)", "+49 (0)173/602-439", "Jürgen Müllner"],
    ["the last digits of a phone number", "602439", "Jürgen Müllner"],
    ["an e-mail address", "LUKASZ.Nowak@mail.example", "Łukasz Nowak"],
    ["a number", "906", "Søren Ångström"],
  ])("%s: %s", async (_how, search, name) => {
    expect((await found(search))[0]).toBe(name);
  });

  test("whole words come before beginnings", async () => {
    // Customer 1 before Customer 10
    expect((await found("customer 1")).slice(0, 1)).toEqual(["Customer 1"]);
  });

  test("every word counts: two names of two people find nobody", async () => {
    expect(await found("ivanova nowak")).toEqual([]);
    expect(await found("zzzzzz")).toEqual([]);
  });

  test("a quote or a sign of SQL is a letter like any other", async () => {
    expect(await found("o'brien; drop")).toEqual(["O'Brien; DROP TABLE customers"]);
    expect(await found("%")).toEqual([]);
  });
});
