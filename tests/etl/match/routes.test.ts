import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../../api/app.ts";
import { defineProject } from "../../../engine/index.ts";
import { defineJob, defineMatch, sqlite } from "../../../etl/index.ts";
import { openProject, type OpenProject } from "../../../etl/project/open-project.ts";
import { makeCompany, type Company } from "../_company.ts";

const people = defineJob({
  name: "people",
  source: sqlite({ name: "shop", path: "shop.sqlite" }),
  extract: { table: "people" },
  columns: { system: "varchar", id: "varchar", mail: "varchar", called: "varchar", street: "varchar" },
  into: { table: "people", mode: "replace" },
});
const who = defineMatch({
  name: "who",
  entries: "SELECT system AS source, id AS source_id, mail, called, street FROM people",
  sources: ["erp", "web"],
  fields: { mail: { kind: "email" }, called: { kind: "name" }, street: { kind: "address" } },
  keys: ["mail"],
  compare: ["called", "street"],
  must: ["called"],
  blocks: [["street"], ["called"]],
  review: 0.000001,
});
const spec = defineProject({
  name: "test",
  warehouse: { path: "./warehouse", memoryLimit: "500MB", threads: 2 },
  dimensions: [],
  cubes: [],
  jobs: [people],
  tables: [who],
});

interface Review {
  readonly report: { readonly entries: number; readonly members: number };
  readonly total: number;
  readonly pairs: readonly {
    readonly id: string;
    readonly alike: boolean;
    readonly left: { readonly key: number; readonly values: object };
    readonly right: { readonly key: number };
  }[];
}

let company: Company;
let project: OpenProject;
let app: ReturnType<typeof createApp>;
const load = async (): Promise<void> => {
  await company.load([people], { tables: [who] });
  await project?.refresh();
};
beforeEach(async () => {
  company = makeCompany();
  const person = (system: string, id: number | string, mail: string, called: string, street: string): string =>
    `INSERT INTO people VALUES ('${system}', '${id}', ${mail === "" ? "NULL" : `'${mail}'`}, '${called}', '${street}')`;
  company.sql(
    "CREATE TABLE people (system TEXT, id TEXT, mail TEXT, called TEXT, street TEXT)",
    ...Array.from({ length: 60 }, (_, i) =>
      person(
        "erp",
        i,
        `p${i}@example.com`,
        `${["Anna", "Bernd", "Clara", "David"][i % 4]} ${["Adler", "Brunner", "Conrad", "Dietrich", "Ebert"][i % 5]}`,
        `Weg ${i}`,
      ),
    ),
    person("web", "one", "P1@Example.com", "B. Brunner", "elsewhere 5"),
    person("web", "house", "", "Zacharias Adler", "Weg 0"),
    person("web", "slip", "", "Clara Conradt", "Weg 2"),
  );
  await load();
  project = (await openProject(spec, { folder: company.folder })) as unknown as OpenProject;
  app = createApp({ project, clock: () => new Date("2026-01-01T00:00:00Z") });
});
afterEach(async () => {
  await project.close();
  company.remove();
});

const review = async (query = ""): Promise<Review> =>
  (await (await app.request(`/v1/identities/review${query}`)).json()) as Review;
const post = (path: string, body: unknown) =>
  app.request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
const keyOf = async (entry: string): Promise<string> =>
  String((await company.rows(`SELECT customer_id FROM who WHERE source || ':' || source_id = '${entry}'`))[0]![0]);

describe("/v1/identities", () => {
  it("shows pairs to review with their sources' values, page by page, and figures of the match", async () => {
    const all = await review("?limit=500");
    expect(all.report).toMatchObject({ entries: 63, byKey: 1 });
    expect(all.total).toBe(all.pairs.length);
    expect(
      all.pairs
        .map((pair) => pair.id)
        .sort()
        .join(),
    ).toMatch(/web:house/);
    expect(all.pairs.find((pair) => pair.id === "erp:0~web:house")).toMatchObject({
      alike: false,
      left: { source: "erp", id: "0", values: { called: "Anna Adler", street: "Weg 0" } },
    });
    const pages = [...(await review("?limit=1")).pairs, ...(await review("?limit=1&offset=1")).pairs];
    expect(pages.map((pair) => pair.id)).toEqual(all.pairs.slice(0, 2).map((pair) => pair.id));
    expect((await app.request("/v1/identities/review?match=nobody")).status).toBe(404);
    expect((await app.request("/v1/identities/review?limit=0")).status).toBe(400);
  });

  it("takes decisions, which remove pairs from the list at once and hold in every later load", async () => {
    expect((await post("/v1/identities/review/erp:0~web:house", { decision: "same" })).status).toBe(200);
    expect((await review("?limit=500")).pairs.map((pair) => pair.id)).not.toContain("erp:0~web:house");
    expect(await keyOf("web:house")).not.toBe(await keyOf("erp:0"));
    await load();
    expect(await keyOf("web:house")).toBe(await keyOf("erp:0"));
    // the last word counts
    expect(await (await post("/v1/identities/review/erp:0~web:house", { decision: "apart" })).json()).toEqual({
      id: "erp:0~web:house",
      decision: "apart",
    });
    await load();
    expect(await keyOf("web:house")).not.toBe(await keyOf("erp:0"));
    for (const [id, body, status] of [
      ["nonsense", { decision: "same" }, 400],
      ["erp:0~erp:0", { decision: "same" }, 400],
      ["erp:0~web:house", { decision: "perhaps" }, 400],
      ["erp:0~web:house", { decision: "same", match: "nobody" }, 404],
    ] as const)
      expect((await post(`/v1/identities/review/${id}`, body)).status, id).toBe(status);
  });

  it("separates an entry: the next load gives it its own key back, and no load joins it again", async () => {
    const before = await keyOf("erp:1");
    expect(await keyOf("web:one")).toBe(before);
    expect(await (await post("/v1/identities/unmerge", { entry: "web:one" })).json()).toEqual({
      entry: "web:one",
      apart: ["erp:1"],
    });
    await load();
    const own = await keyOf("web:one");
    expect([own === before, await keyOf("erp:1")]).toEqual([false, before]);
    await company.load([people], { tables: [who], full: true });
    expect(await keyOf("web:one")).toBe(own);
    expect((await post("/v1/identities/unmerge", { entry: "web:unknown" })).status).toBe(404);
    expect((await post("/v1/identities/unmerge", { entry: "nothing" })).status).toBe(400);
    await project.refresh();
    expect((await post("/v1/identities/unmerge", { entry: "erp:7" })).status).toBe(404);
  });
});
