import { writeFileSync } from "node:fs";
import { utils, write } from "@e965/xlsx";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openState } from "../../../engine/warehouse/index.ts";
import { between, defineJob, files, getRejects } from "../../../etl/index.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";

const drops = files({ name: "drops", path: "./drops" });
let company: Company;
beforeEach(() => {
  company = makeCompany();
});
afterEach(() => company.remove());

const rejectsOf = async (run: string, job: string) => {
  const state = openState(company.warehouse);
  try {
    return (await getRejects(company.warehouse, state, run, { job })).map(({ file, line, column, reason, row }) => ({
      file,
      line,
      column,
      reason,
      row,
    }));
  } finally {
    state.close();
  }
};

describe("types of a file", () => {
  it("are inferred from all its values: money is decimal, leading zeros are text, exponents are doubles", async () => {
    const rows = Array.from(
      { length: 1000 },
      (_, i) =>
        `${i},${(i / 100).toFixed(2)},${String(i).padStart(5, "0")},${i === 999 ? "1e3" : i},2024-01-0${(i % 9) + 1},2024-01-01 10:00:00,2024-01-01T10:00:00Z,${i % 2 === 0},${i === 500 ? "" : "x"}`,
    );
    company.drop("a.csv", `id,price,zip,ratio,day,at,atz,flag,note\n${rows.join("\n")}\n`);
    await company.load([
      defineJob({ name: "a", source: drops, extract: { file: "a.csv", columnsFrom: "header" }, into: { table: "a" } }),
    ]);
    expect(
      await company.rows(
        "select column_name, data_type from duckdb_columns() where table_name = 'a' order by column_index",
      ),
    ).toEqual([
      ["id", "BIGINT"],
      ["price", "DECIMAL(10,2)"],
      ["zip", "VARCHAR"],
      ["ratio", "DOUBLE"],
      ["day", "DATE"],
      ["at", "TIMESTAMP"],
      ["atz", "TIMESTAMP WITH TIME ZONE"],
      ["flag", "BOOLEAN"],
      ["note", "VARCHAR"],
    ]);
    expect(await company.rows("select sum(price) from a")).toEqual([["4995.00"]]);
  });

  it("of NDJSON keep quoted texts as texts and large integers exact", async () => {
    company.drop(
      "a.ndjson",
      '{"id":1,"code":"17","big":12345678901234567890,"amount":12.5,"tags":["x"],"on":true}\n{"id":2,"code":"18","amount":0.25}\n',
    );
    await company.load([defineJob({ name: "a", source: drops, extract: { file: "*.ndjson" }, into: { table: "a" } })]);
    expect(await company.rows("select *, typeof(code), typeof(amount) from a order by id")).toEqual([
      ["1", "17", "12345678901234567890", "12.50", '["x"]', true, "VARCHAR", "DECIMAL(10,2)"],
      ["2", "18", null, "0.25", null, null, "VARCHAR", "DECIMAL(10,2)"],
    ]);
  });
});

describe("poisoned rows", () => {
  const contract = {
    id: { type: "bigint", required: true },
    amount: "decimal(14,2)",
    on: "date",
    name: "varchar",
  } as const;
  const job = defineJob({
    name: "p",
    source: drops,
    extract: { file: "*.csv" },
    columns: contract,
    onReject: { quarantine: true, failAbove: "90%" },
    checks: [between("amount", 0, 1000)],
    into: { table: "p", mode: "append" },
  });

  it("F11: are rejected with file, line and reason; their neighbours are loaded", async () => {
    company.drop(
      "clean.csv",
      'id,amount,on,name\r\n100,1.00,2024-01-01,"quoted, with comma"\r\n101,2.00,2024-01-02,"two\r\nlines"\r\n',
    );
    company.drop(
      "dirty.csv",
      Buffer.concat([
        Buffer.from("\ufeffid,amount,on,name\n1,1.00,2024-01-01,good\n2,1.00,2024-01-01,"),
        Buffer.from([0xff, 0xfe, 0x41]),
        Buffer.from('\n3,1.00,2024-01-01,"never closed\n4,4.00,2024-01-01,good 😀\n'),
        Buffer.from(
          `5,${"9".repeat(39)},2024-01-01,wide\n6,1.00,0000-00-00,zero date\n7,1.00,2024-01-01,nul \0 byte\n8,NaN,2024-01-01,nan\n9,-5,2024-01-01,negative\n,1.00,2024-01-01,no key\n10,1.00\n11,1.00,infinity,end\n9223372036854775808,1.00,2024-01-01,beyond\r\n12,12.00,2024-01-01,good\n`,
        ),
      ]),
    );
    const run = await company.load([job]);
    expect(account(stepOf(run, "p"))).toMatchObject({ read: 16, added: 5, rejected: 11 });
    expect(await company.rows("select id, amount, name from p order by id")).toEqual([
      ["1", "1.00", "good"],
      ["4", "4.00", "good 😀"],
      ["12", "12.00", "good"],
      ["100", "1.00", "quoted, with comma"],
      ["101", "2.00", "two\r\nlines"],
    ]);
    const rejects = await rejectsOf(run.id, "p");
    expect(rejects.map((each) => [each.file, each.line, each.column, each.reason])).toEqual([
      ["dirty.csv", 3, null, "the line is not UTF-8"],
      ["dirty.csv", 4, null, "a quote is never closed"],
      ["dirty.csv", 6, "amount", "invalid decimal(14,2), or too many digits"],
      ["dirty.csv", 7, "on", "invalid date"],
      ["dirty.csv", 8, null, "the line contains a NUL byte"],
      ["dirty.csv", 9, "amount", "invalid decimal(14,2), or too many digits"],
      ["dirty.csv", 10, "amount", "not between 0 and 1000"],
      ["dirty.csv", 11, "id", "empty, but required"],
      ["dirty.csv", 12, null, "the record has 2 fields, the header 4"],
      ["dirty.csv", 13, "on", "invalid date"],
      ["dirty.csv", 14, "id", "invalid bigint"],
    ]);
    expect(JSON.parse(rejects.find((each) => each.line === 10)!.row)).toEqual({
      id: "9",
      amount: "-5",
      on: "2024-01-01",
      name: "negative",
    });
  });

  it("of plain files, which DuckDB reads, have a line too", async () => {
    company.drop("a.csv", "id,amount,on,name\n1,1.00,2024-01-01,a\n2,x,2024-01-01,b\n");
    company.drop("b.csv", "id,amount,on,name\n3,1.00,2024-01-01,a\n4,1.00,2024-13-01,b\n5,1,2024-01-01,c\n");
    const run = await company.load([job]);
    expect((await rejectsOf(run.id, "p")).map((each) => [each.file, each.line, each.column])).toEqual([
      ["a.csv", 3, "amount"],
      ["b.csv", 3, "on"],
    ]);
  });

  it("stop the load when there are too many, and stay readable", async () => {
    company.drop("a.csv", "id,amount,on,name\n1,x,2024-01-01,a\n2,2.00,2024-01-01,b\n");
    const strict = defineJob({ ...job, onReject: { failAbove: 0 } });
    await expect(company.load([strict])).rejects.toMatchObject({
      code: "too-many-rejects",
      message: expect.stringContaining("amount: invalid decimal(14,2)"),
    });
    expect(await company.manifest()).toBeUndefined();
  });
});

describe("files", () => {
  const job = defineJob({
    name: "f",
    source: drops,
    extract: { file: "f_*.csv" },
    into: { table: "f", mode: "append" },
  });

  it("F8: are loaded once, also when renamed; new ones are added", async () => {
    company.drop("f_1.csv", "id,v\n1,a\n2,b\n");
    await company.load([job]);
    company.drop("f_1_again.csv", "id,v\n1,a\n2,b\n");
    company.drop("f_2.csv", "v,id\nc,3\n");
    const step = stepOf(await company.load([job]), "f");
    expect(account(step)).toMatchObject({ read: 1, added: 1 });
    expect(await company.rows("select id, v from f order by 1")).toEqual([
      ["1", "a"],
      ["2", "b"],
      ["3", "c"],
    ]);
    expect(stepOf(await company.load([job]), "f").status).toBe("skipped");
    await company.load([job], { full: true });
    expect(await company.rows("select count(*) from f")).toEqual([["3"]]);
  });

  it("with another column add it; mode replace mirrors the folder", async () => {
    const mirror = defineJob({
      name: "m",
      source: drops,
      extract: { file: "m_*.csv" },
      into: { table: "m", mode: "replace" },
    });
    company.drop("m_1.csv", "id,v\n1,a\n");
    await company.load([mirror]);
    company.drop("m_2.csv", "id;v;w\n2;b;1,5\n");
    const step = stepOf(await company.load([mirror]), "m");
    expect(step.warnings).toEqual(["m_1.csv has no column w: read as empty", "m.w is new (VARCHAR)"]);
    expect(await company.rows("select id, v, w from m order by 1")).toEqual([
      ["1", "a", null],
      ["2", "b", "1,5"],
    ]);
  });

  it("in other encodings and notations are read correctly", async () => {
    company.drop("l.csv", Buffer.from("id;name;price;day\n1;Jürgen;1.234,50;24.12.2023\n", "latin1"));
    const latin = defineJob({
      name: "l",
      source: drops,
      extract: { file: "l.csv", encoding: "latin-1" },
      into: { table: "l" },
      columns: {
        id: "integer",
        name: { type: "varchar", clean: ["uppercase"] },
        price: { type: "decimal(10,2)", decimal: "," },
        day: { type: "date", format: ["%Y-%m-%d", "%d.%m.%Y"] },
      },
    });
    await company.load([latin]);
    expect(await company.rows("select * from l")).toEqual([[1, "JÜRGEN", "1234.50", "2023-12-24"]]);
  });

  it("have cleaned names, e-mail addresses and phone numbers", async () => {
    company.drop(
      "c.csv",
      'name,email,phone\n"  Anna\u00a0 Lee ", Anna@Example.COM ,0171 2345678\nBob,not an address,+1 212 555 0100\nCid,c@d.example,hello\n',
    );
    const job = defineJob({
      name: "c",
      source: drops,
      extract: { file: "c.csv" },
      onReject: { failAbove: "70%" },
      into: { table: "c" },
      columns: {
        name: { type: "varchar", clean: ["name"] },
        email: { type: "varchar", clean: ["email"] },
        phone: { type: "varchar", clean: ["trim", "phone:DE"] },
      },
    });
    const run = await company.load([job]);
    expect(await company.rows("select * from c")).toEqual([["Anna Lee", "anna@example.com", "+491712345678"]]);
    expect((await rejectsOf(run.id, "c")).map((each) => [each.line, each.column, each.reason])).toEqual([
      [3, "email", "invalid e-mail address"],
      [4, "phone", "invalid phone number"],
    ]);
  });

  it("of Excel give one sheet's rows, dates and formulas as values", async () => {
    const book = utils.book_new();
    utils.book_append_sheet(book, utils.aoa_to_sheet([["nothing here"]]), "Notes");
    const sheet = utils.aoa_to_sheet(
      [
        ["month", "budget", "code"],
        [new Date("2024-01-01T00:00:00Z"), 100.5, "007"],
        [new Date("2024-02-01T00:00:00Z"), 201, "008"],
      ],
      { UTC: true },
    );
    sheet["B3"] = { t: "n", f: "B2*2", v: 201 };
    utils.book_append_sheet(book, sheet, "Plan");
    utils.book_append_sheet(book, utils.aoa_to_sheet([["nor here"]]), "Last");
    writeFileSync(join(company.folder, "drops", "budget_2024.xlsx"), write(book, { type: "buffer" }) as Buffer);
    await company.load([
      defineJob({
        name: "b",
        source: drops,
        extract: { file: "budget_*.xlsx", sheet: "Plan" },
        into: { table: "budget" },
      }),
    ]);
    expect(await company.rows("select *, typeof(budget) from budget order by month")).toEqual([
      ["2024-01-01", "100.5", "007", "DECIMAL(10,1)"],
      ["2024-02-01", "201.0", "008", "DECIMAL(10,1)"],
    ]);
    const wrong = defineJob({
      name: "b2",
      source: drops,
      extract: { file: "budget_*.xlsx", sheet: "Plans" },
      into: { table: "budget2" },
    });
    await expect(company.load([wrong])).rejects.toMatchObject({
      code: "source-refused",
      remedy: "use one of Notes, Plan, Last",
    });
  });

  it("with broken lines of NDJSON have them rejected with number and text", async () => {
    company.drop("n.ndjson", '{"id":1}\n{"id":\n[2]\n{"id":3}\n');
    const run = await company.load([
      defineJob({
        name: "n",
        source: drops,
        extract: { file: "n.ndjson" },
        onReject: { failAbove: "60%" },
        into: { table: "n" },
      }),
    ]);
    expect(account(stepOf(run, "n"))).toMatchObject({ read: 4, added: 2, rejected: 2 });
    expect((await rejectsOf(run.id, "n")).map((each) => [each.file, each.line, each.reason, each.row])).toEqual(
      expect.arrayContaining([
        ["n.ndjson", 2, "the line is not JSON", '{"id":'],
        ["n.ndjson", null, "the record is not a JSON object", "[2]"],
      ]),
    );
  });

  it("outside the source's folder are never read", async () => {
    await expect(
      company.load([
        defineJob({
          name: "x",
          source: drops,
          extract: { file: "../shop.sqlite", format: "csv" },
          into: { table: "x" },
        }),
      ]),
    ).rejects.toMatchObject({ code: "job-invalid" });
  });
});

describe("decimals", () => {
  it("with more digits than their type are rejected, or rounded with round: true; trailing zeros are no digits", async () => {
    company.drop(
      "d.csv",
      "id,amount\n1,10.50\n2,10.505\n3,10.5000\n4,-0.001\n5,1e2\n6,1.005e1\n7,123456789012345678901234567890\n",
    );
    const job = (round: boolean) =>
      defineJob({
        name: round ? "d2" : "d",
        source: drops,
        extract: { file: "d.csv" },
        onReject: { failAbove: "90%" },
        columns: { id: "integer", amount: { type: "decimal(10,2)", round } },
        into: { table: round ? "rounded" : "exact" },
      });
    expect(account(stepOf(await company.load([job(false)]), "d"))).toMatchObject({ read: 7, added: 4, rejected: 3 });
    expect(await company.rows("select id, amount from exact order by id")).toEqual([
      [1, "10.50"],
      [3, "10.50"],
      [5, "100.00"],
      [6, "10.05"],
    ]);
    expect(account(stepOf(await company.load([job(true)]), "d2"))).toMatchObject({ added: 6, rejected: 1 });
  });
});
