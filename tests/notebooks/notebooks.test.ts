import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectSound, openNotebooks, words, type Notebooks } from "./_notebooks.ts";

let books: Notebooks;
beforeAll(async () => {
  books = await openNotebooks();
});
afterAll(() => books?.close());

describe("Meet the data", () => {
  it("writes a self-contained page with charts, tables and numbers of the warehouse", async () => {
    const made = await books.page("meet-the-data");
    expectSound(made);
    expect(made.document.querySelectorAll("svg[role=img]")).toHaveLength(4);
    expect(made.document.querySelectorAll("table").length).toBeGreaterThanOrEqual(3);
    const {
      rows: [all],
    } = await books.project.query({ measures: ["sales.lines", "sales.orders", "sales.buyers"] });
    const shown = words(made.document);
    expect(shown).toContain(
      `${Number(all!["sales.lines"]).toLocaleString("en")} order lines in ${Number(all!["sales.orders"]).toLocaleString("en")} orders by ${Number(all!["sales.buyers"]).toLocaleString("en")} customers`,
    );
    expect(shown).toContain("no row is unaccounted for");
  });

  it("adds months up to the cube's years", async () => {
    const { document } = await books.page("meet-the-data");
    const { rows } = await books.project.query({
      measures: ["sales.revenue", "sales.orders"],
      dimensions: ["date.year"],
    });
    const cells = [...document.querySelectorAll("table")[0]!.querySelectorAll("tbody tr")].map((line) =>
      [...line.querySelectorAll("td")].map((cell) => cell.textContent),
    );
    expect(cells.map(([year, revenue, orders]) => [year, revenue, orders])).toEqual(
      rows.map((row) => [
        String(row["date.year"]).slice(0, 4),
        `€${Math.round(Number(row["sales.revenue"])).toLocaleString("en")}`,
        Number(row["sales.orders"]).toLocaleString("en"),
      ]),
    );
  });
});

describe("the command", () => {
  it("lists the notebooks, and suggests the nearest name", async () => {
    expect(await books.tessera(["notebook"], { cwd: books.folder })).toMatchObject({
      code: 0,
      stdout: "attribution-budget\ncampaign-verdict\nchurn\nlifetime-value\nmeet-the-data\nrfm-migration\n",
    });
    expect(await books.tessera(["notebook", "meet-the-date"], { cwd: books.folder })).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining('did you mean "meet-the-data"?') as string,
    });
  });

  it("explains what to do before the first load", async () => {
    expect(
      await books.tessera(["notebook", "meet-the-data"], {
        cwd: books.folder,
        env: { TESSERA_HOME: join(books.folder, "empty") },
      }),
    ).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/nothing has been loaded yet[\s\S]*tessera load/) as string,
    });
  });
});
