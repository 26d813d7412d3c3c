import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { currentVersion } from "../../engine/warehouse/index.ts";
import { erasePerson, type Erased, type EraseOptions } from "../../etl/index.ts";
import { makeCompany, type Company } from "../etl/_company.ts";
import { jobs, spec, tables } from "../etl/erase/_people.ts";

let company: Company;
const erase = (who: string, more: Partial<EraseOptions> = {}): Promise<Erased> =>
  erasePerson({ spec: spec as never, folder: company.folder, who, ...more });
const load = (full = false): Promise<unknown> => company.load(jobs, { tables, full, spec: spec as never });
const totals = async (): Promise<unknown> =>
  company.rows(
    "select count(*), sum(amount), count(distinct customer_id), (select count(distinct customer_id) from dim_customer) from fact",
  );

beforeEach(async () => {
  company = makeCompany();
  company.sql(
    "create table customers (no text, name text, email text, born text, at text); create table orders (id integer, customer_no text, mail text, note text, amount real)",
    "insert into customers values ('C101', 'Ada Lovelace', 'Ada@Engine.example', '1815-12-10', '1'), ('C102', 'Ada Lovelace', 'other@engine.example', '1999-01-01', '1'), ('C103', 'Bob Stone', 'bob@rock.example', '1990-01-01', '1')",
    "insert into orders values (1, 'C101', 'ada@engine.example', 'C101: gift for ADA@engine.example please', 10), (2, null, 'ada@engine.example', null, 20), (3, 'C102', null, null, 40), (4, 'C103', 'bob@rock.example', 'not C1011, mcada@engine.example', 80)",
  );
  await load();
  company.sql(
    "insert into customers values ('C101x', 'Ada', 'ada@engine.example', 'no date', '2')",
    "insert into orders values (5, 'C101', null, null, 160)",
  );
  await load();
  company.sql("insert into orders values (6, 'C103', null, null, 320)");
  await load();
});
afterEach(() => company.remove());

describe("an interrupted erasure", () => {
  it.each(["rewritten", "renamed"] as const)("when a version was %s is completed by another", async (step) => {
    const before = await totals();
    await expect(
      erase("101", {
        onStep: (at) => {
          if (at === step) throw new Error("power cut");
        },
      }),
    ).rejects.toThrow("power cut");
    expect((await currentVersion(company.warehouse))!.warnings).toEqual([]);
    expect(await totals()).toEqual(before);
    const again = await erase("101").catch((error: { code: string }) => error);
    // once the versions are done the person is unknown, and everything else is done too
    if (step === "rewritten") expect((again as Erased).proof.left).toEqual([]);
    else expect(again).toMatchObject({ code: "not-found" });
    expect(await totals()).toEqual(before);
  });
});
