import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openState } from "../../../engine/warehouse/index.ts";
import { defineJob, defineMatch, rollbackLoad, sqlite, type Table } from "../../../etl/index.ts";
import { decide, decisionsOf, parsePair, pairId } from "../../../etl/match/index.ts";
import { makeCompany, stepOf, type Company } from "../_company.ts";

const source = sqlite({ name: "shop", path: "shop.sqlite" });
const people = defineJob({
  name: "people",
  source,
  extract: { table: "people" },
  columns: {
    system: "varchar",
    id: "varchar",
    mail: "varchar",
    tel: "varchar",
    called: "varchar",
    street: "varchar",
    seen: "date",
  },
  into: { table: "people", mode: "replace" },
  failBelow: "0%",
});
const who = (more: Partial<Parameters<typeof defineMatch>[0]> = {}): Table =>
  defineMatch({
    name: "who",
    entries: "SELECT system AS source, id AS source_id, mail, tel, called, street, seen FROM people",
    sources: ["erp", "web"],
    fields: {
      mail: { kind: "email" },
      tel: { kind: "phone", country: "'DE'" },
      called: { kind: "name" },
      street: { kind: "address" },
    },
    keys: ["mail", ["tel", "called"]],
    ...more,
  });

let company: Company;
beforeEach(() => {
  company = makeCompany();
  company.sql("CREATE TABLE people (system TEXT, id TEXT, mail TEXT, tel TEXT, called TEXT, street TEXT, seen TEXT)");
});
afterEach(() => company.remove());
const add = (
  ...rows: readonly (readonly [
    system: string,
    id: string,
    mail?: string,
    tel?: string,
    called?: string,
    street?: string,
    seen?: string,
  ])[]
): void =>
  company.sql(
    "BEGIN",
    ...rows.map(
      (row) =>
        `INSERT INTO people VALUES (${Array.from({ length: 7 }, (_, i) => (row[i] === undefined ? "NULL" : `'${row[i]}'`)).join(", ")})`,
    ),
    "COMMIT",
  );
const load = (table: Table = who()) => company.load([people], { tables: [table] });
const map = async (): Promise<{ readonly [entry: string]: number }> =>
  Object.fromEntries(
    (
      await company.rows(
        "SELECT source || id, n FROM (SELECT source, source_id AS id, customer_id AS n FROM who) ORDER BY 1",
      )
    ).map(([entry, key]) => [String(entry), Number(key)]),
  );
const say = (left: string, right: string, decision: "same" | "apart"): void => {
  const state = openState(company.warehouse);
  const entry = (text: string): { source: string; id: string } => ({ source: text.slice(0, 3), id: text.slice(3) });
  decide(state, "who", { left: entry(left), right: entry(right), decision }, "test", new Date("2026-01-01T00:00:00Z"));
  state.close();
};

describe("keys", () => {
  it("join entries by e-mail, and by phone with the name, in any spelling", async () => {
    add(
      ["erp", "1", "Ann@Example.com ", undefined, "Ann Müller"],
      ["web", "1", "ann@example.com", undefined, "A."],
      ["erp", "2", undefined, "0171/234 5678", "Jürgen Groß"],
      ["web", "2", undefined, "+49 171 2345678", "GROSS JUERGEN"],
      ["web", "3", undefined, "+49 171 2345678", "Eva Groß"],
    );
    await load();
    const { erp1, web1, erp2, web2, web3 } = await map();
    expect([erp1, erp2, web1 === erp1, web2 === erp2, web3 === erp2]).toEqual([1, 2, true, true, false]);
  });

  it("normalise names in Cyrillic, full width and with accents, and leave Chinese as it is", async () => {
    const t = "0301234567";
    add(
      ["erp", "1", undefined, t, "Юрий Жуков"],
      ["web", "1", undefined, t, "Zhukov Yurii"],
      ["erp", "2", undefined, t, "王 伟"],
      ["web", "2", undefined, t, "王伟"],
      ["erp", "3", undefined, t, "Ｊｏｓé Ｐérez"],
      ["web", "3", undefined, t, "jose perez"],
      ["web", "4", undefined, t, "王伟明"],
    );
    await load();
    const found = await map();
    expect([found["web1"], found["web2"], found["web3"]]).toEqual([found["erp1"], found["erp2"], found["erp3"]]);
    expect(new Set(Object.values(found)).size).toBe(4);
  });

  it("join Chinese names in characters and in Latin letters in either order; people with the same reading are not joined by it", async () => {
    const t = (n: number): string => `+49301234${n}00`;
    add(
      ["erp", "1", undefined, t(1), "张伟"],
      ["web", "1", undefined, t(1), "Zhang Wei"],
      ["web", "2", undefined, t(1), "WEI ZHANG"],
      ["erp", "2", undefined, t(2), "欧阳娜娜"],
      ["web", "3", undefined, t(2), "Nana Ouyang"],
      ["erp", "3", undefined, t(3), "单雄信"],
      ["web", "4", undefined, t(3), "Shan Xiongxin"],
      // two of one reading, and a name in letters that may be either's
      ["erp", "4", undefined, t(4), "王伟"],
      ["erp", "5", undefined, t(4), "王薇"],
      ["web", "5", undefined, t(4), "Wang Wei"],
      ["erp", "6", undefined, t(5), "张伟"],
      ["web", "6", undefined, t(5), "Zhang Min"],
    );
    await load();
    const found = await map();
    expect([found["web1"], found["web2"], found["web3"], found["web4"]]).toEqual([
      found["erp1"],
      found["erp1"],
      found["erp2"],
      found["erp3"],
    ]);
    expect(
      new Set([found["erp4"], found["erp5"], found["web5"], found["erp6"], found["web6"], found["erp1"]]).size,
    ).toBe(6);
  });

  it("that too many entries share are ignored", async () => {
    add(...Array.from({ length: 6 }, (_, i) => ["web", `w${i}`, "info@example.com"] as const));
    await load(who({ sharedBy: 5 }));
    expect(new Set(Object.values(await map())).size).toBe(6);
  });
});

describe("a member's key", () => {
  it("stays when others join and when its first entry is deleted, and returns when a group splits", async () => {
    add(["web", "1", "a@example.com"], ["web", "2", "b@example.com"]);
    await load();
    expect(await map()).toEqual({ web1: 1, web2: 2 });
    // an ERP entry of higher trust joins: the key is the old one
    add(["erp", "9", "b@example.com"]);
    await load();
    expect(await map()).toEqual({ erp9: 2, web1: 1, web2: 2 });
    // both become one: the smaller key counts
    company.sql(
      "UPDATE people SET mail = 'a@example.com' WHERE id = '2'",
      "INSERT INTO people VALUES ('erp', '9b', 'a@example.com', '0301234567', 'Bo Berg', NULL, NULL)",
      "UPDATE people SET tel = '030 1234567', called = 'Bo Berg' WHERE id = '9'",
    );
    await load();
    expect(new Set(Object.values(await map()))).toEqual(new Set([1]));
    // they split again: each has the number it had
    company.sql("UPDATE people SET mail = 'b@example.com' WHERE id = '2'", "DELETE FROM people WHERE id = '9b'");
    await load();
    expect(await map()).toEqual({ erp9: 2, web1: 1, web2: 2 });
    // the entry whose number is the key goes: who is left keeps it
    company.sql("DELETE FROM people WHERE id = '2'");
    await load();
    expect(await map()).toEqual({ erp9: 2, web1: 1 });
  });

  it("is the same when the same rows are loaded again, and is reverted by a rollback", async () => {
    add(["web", "1", "a@example.com"], ["web", "2", "b@example.com"]);
    await load();
    const before = await map();
    const again = await company.load([people], { tables: [who()], full: true });
    expect(await map()).toEqual(before);
    company.sql("UPDATE people SET mail = 'a@example.com'");
    const joined = await load();
    expect(new Set(Object.values(await map())).size).toBe(1);
    await rollbackLoad(company.warehouse, joined.id);
    expect(await map()).toEqual(before);
    expect(again.status).toBe("published");
  });
});

describe("decisions", () => {
  it("hold in every load: separated entries stay separate, joined ones joined", async () => {
    add(["erp", "1", "a@example.com"], ["web", "1", "a@example.com"], ["web", "2", "c@example.com"]);
    await load();
    say("erp1", "web1", "apart");
    say("web2", "erp1", "same");
    expect(stepOf(await load(), "who").status).toBe("done");
    for (let i = 0; i < 2; i++) {
      expect(await map()).toEqual({ erp1: 1, web1: 2, web2: 1 });
      await company.load([people], { tables: [who()], full: true });
    }
  });

  it("survive a rollback, and a second one on a pair replaces the first", async () => {
    add(["erp", "1", "a@example.com"], ["web", "1", "a@example.com"]);
    await load();
    say("web1", "erp1", "apart");
    const split = await load();
    await rollbackLoad(company.warehouse, split.id);
    const state = openState(company.warehouse);
    expect(decisionsOf(state, "who")).toEqual([
      { left: { source: "erp", id: "1" }, right: { source: "web", id: "1" }, decision: "apart" },
    ]);
    state.close();
    await load();
    expect(await map()).toEqual({ erp1: 1, web1: 2 });
    say("erp1", "web1", "same");
    await load();
    expect(await map()).toEqual({ erp1: 1, web1: 1 });
  });

  it("identify a pair by one text, whatever characters its numbers have", () => {
    const [left, right] = [
      { source: "guest", id: "a~b@x.de:1" },
      { source: "erp", id: "C/1 ü" },
    ];
    expect(parsePair(pairId(left, right))).toEqual({ left, right });
    for (const wrong of ["", "a", "a:1", "a:1~b", "a:1~b:2~c:3", "%~b:1"])
      expect(() => parsePair(wrong), wrong).toThrow(/invalid (pair|entry)/);
  });
});

describe("likeness", () => {
  const FIRST = [
    "Anna",
    "Bernd",
    "Clara",
    "David",
    "Erika",
    "Frank",
    "Gisela",
    "Holger",
    "Ingrid",
    "Jonas",
    "Katrin",
    "Lothar",
    "Martha",
    "Norbert",
    "Olga",
    "Peter",
    "Renate",
    "Stefan",
    "Tanja",
    "Viktor",
  ];
  const LAST = [
    "Adler",
    "Brunner",
    "Conrad",
    "Dietrich",
    "Ebert",
    "Fuchs",
    "Graf",
    "Hartmann",
    "Iversen",
    "Jahn",
    "Kessler",
    "Lindner",
    "Maurer",
    "Neumann",
    "Otto",
    "Pohl",
    "Richter",
    "Sommer",
    "Thiele",
    "Winkler",
  ];
  const scored = who({
    compare: ["called", "street", "tel"],
    must: ["called"],
    blocks: [["street"], ["called"]],
    golden: {
      table: "golden",
      columns: { called: "first", tel: { latest: "seen" }, street: "longest", mail: "frequent" },
    },
  });
  const fill = (): void => {
    const rows: (readonly [
      system: string,
      id: string,
      mail?: string,
      tel?: string,
      called?: string,
      street?: string,
      seen?: string,
    ])[] = [];
    for (let i = 0; i < 400; i++) {
      const called = `${FIRST[i % 20]} ${LAST[Math.floor(i / 20)]}`;
      const street = `${LAST[(i * 7) % 20]}weg ${i}`;
      rows.push(["erp", String(i), undefined, `0171${2000000 + i * 37}`, called, street, "2025-01-01"]);
      // every third is known twice, without a key in common
      if (i % 3 === 0)
        rows.push([
          "web",
          String(i),
          `p${i}@example.com`,
          undefined,
          i % 2 === 0 ? called : called.replace(/(..)(.)(.)/, "$1$3$2"),
          street,
          "2025-02-01",
        ]);
    }
    add(...rows);
  };

  it("finds people without a common key, keeps households apart, and has a probability", async () => {
    fill();
    add(["web", "house", undefined, undefined, "Zacharias Adler", "Adlerweg 0"]);
    await load(scored);
    const found = await map();
    const twice = Array.from({ length: 400 }, (_, i) => i).filter((i) => i % 3 === 0);
    const right = twice.filter((i) => found[`erp${i}`] === found[`web${i}`]).length;
    expect(right / twice.length).toBeGreaterThan(0.95);
    expect(Object.keys(found).length - new Set(Object.values(found)).size).toBe(right);
    expect(found["webhouse"]).not.toBe(found["erp0"]);
    const [[least, most]] = (await company.rows(
      "SELECT min(confidence), max(confidence) FROM who WHERE how = 'score'",
    )) as [[number, number]];
    expect(least).toBeGreaterThanOrEqual(0.95);
    expect(most).toBeLessThan(1);
    expect(await company.rows("SELECT entries, members, by_score FROM tessera_matches")).toEqual([
      [String(Object.keys(found).length), String(Object.keys(found).length - right), String(right)],
    ]);
  });

  it("finds a Chinese name by its reading in Latin letters where street and name are weighed, and no other name", async () => {
    fill();
    add(
      ["erp", "zh", undefined, undefined, "张伟", "Lange Gasse 17"],
      ["web", "zh", undefined, undefined, "Zhang Wei", "Lange Gasse 17"],
      ["web", "zm", undefined, undefined, "Zhang Min", "Lange Gasse 17"],
    );
    await load(scored);
    const found = await map();
    expect(found["webzh"]).toBe(found["erpzh"]);
    expect(found["webzm"]).not.toBe(found["erpzh"]);
  });

  it("offers uncertain pairs for review, without the decided ones", async () => {
    fill();
    add(
      ["web", "house", undefined, undefined, "Zacharias Adler", "Adlerweg 0"],
      ["web", "house2", undefined, undefined, "Anna Adlr-Schmidt", "Adlerweg 0"],
    );
    await load(
      who({
        compare: ["called", "street", "tel"],
        must: ["called"],
        blocks: [["street"], ["called"]],
        review: 0.000001,
      }),
    );
    const review = await company.rows("SELECT left_source || left_id, right_source || right_id FROM who_review");
    expect(review.flat()).toContain("webhouse");
    for (const [left, right] of review) say(String(left), String(right), "apart");
    await load(
      who({
        compare: ["called", "street", "tel"],
        must: ["called"],
        blocks: [["street"], ["called"]],
        review: 0.000001,
      }),
    );
    const left = await company.rows("SELECT left_source || left_id || right_source || right_id FROM who_review");
    for (const pair of review) expect(left.flat()).not.toContain(pair.join(""));
  });

  it("has a precision from judged pairs, and otherwise only one from the weights", async () => {
    fill();
    // households: surname, street and half of a first name agree, and they are two people
    add(
      ...Array.from(
        { length: 60 },
        (_, i) =>
          [
            "web",
            `kin${i}`,
            undefined,
            undefined,
            `${FIRST[i % 20]!.slice(0, -1)}e ${LAST[Math.floor(i / 20)]}`,
            `${LAST[(i * 7) % 20]}weg ${i}`,
          ] as const,
      ),
    );
    const judged = who({
      compare: ["called", "street", "tel"],
      must: ["called"],
      blocks: [["street"], ["called"]],
      accept: 0.9,
      review: 0.001,
    });
    await load(judged);
    const figures = async (): Promise<(number | null)[]> =>
      (await company.rows("SELECT expected_precision, precision_by_weights, judged FROM tessera_matches"))[0]!.map(
        (value) => (value === null ? null : Number(value)),
      );
    const [none, claimed, nobody] = await figures();
    expect([none, nobody]).toEqual([null, 0]);
    expect(claimed!).toBeGreaterThan(0.9);
    // somebody looks at forty pairs that were joined
    const joined = (await company.rows(
      "SELECT a.source_id, b.source_id FROM who AS a JOIN who AS b USING (customer_id) WHERE a.source = 'erp' AND b.source = 'web' AND b.how = 'score' ORDER BY b.source_id",
    )) as [string, string][];
    for (const [erp, web] of joined.slice(0, 40))
      say(`erp${erp}`, `web${web}`, web.startsWith("kin") ? "apart" : "same");
    // one that was never joined says nothing of those that were
    say("erp1", "web399", "apart");
    await load(judged);
    const [expected, , count] = await figures();
    const wrong = joined.slice(0, 40).filter(([, web]) => web.startsWith("kin")).length;
    expect([count, expected]).toEqual([40, (40 - wrong) / 40]);
  });

  it("leaves everyone else's key when one person is erased and everything is loaded again", async () => {
    fill();
    await load(scored);
    const before = await map();
    const members = (found: { readonly [entry: string]: number }): { readonly [entry: string]: string } =>
      Object.fromEntries(
        Object.entries(found).map(([entry, key]) => [
          entry,
          Object.entries(found)
            .flatMap(([other, own]) => (own === key ? [other] : []))
            .join(" "),
        ]),
      );
    for (const gone of ["3", "33"]) {
      // as after an erasure: made-up numbers and address, no name, no street, no telephone
      company.sql(
        `UPDATE people SET id = id || '000', mail = 'erased${gone}@erased.invalid', tel = NULL, called = NULL, street = NULL WHERE id = '${gone}'`,
      );
      await company.load([people], { tables: [scored], full: true });
      const after = await map();
      const [was, is] = [members(before), members(after)];
      for (const entry of Object.keys(after))
        if (!entry.endsWith("000"))
          expect([after[entry], is[entry]], `${entry} after ${gone} went`).toEqual([before[entry], was[entry]]);
    }
  });

  it("makes a golden record of the surviving values", async () => {
    add(
      ["erp", "1", "a@example.com", "+49301111111", "Ann Alt", "Weg 1", "2024-01-01"],
      ["web", "1", "a@example.com", "+49302222222", "Annie", "Langer Weg 1", "2025-01-01"],
      ["web", "2", "a@example.com", undefined, undefined, undefined, "2026-01-01"],
    );
    await load(scored);
    expect(await company.rows("SELECT customer_id, called, tel, street, mail, entries FROM golden")).toEqual([
      ["1", "Ann Alt", "+49302222222", "Langer Weg 1", "a@example.com", "3"],
    ]);
  });
});
