import { gzipSync } from "node:zlib";
import { utils, write } from "@e965/xlsx";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineJob, files, type FileExtract, type Job, type JobSpec } from "../../../etl/index.ts";
import type { RunSummary } from "../../../etl/runs/run.ts";
import { makeCompany, stepOf, type Company } from "../_company.ts";

const drops = files({ name: "drops", path: "./drops" });
let company: Company;
beforeEach(() => {
  company = makeCompany();
});
afterEach(() => company.remove());

const job = (extract: FileExtract, more: Partial<JobSpec> = {}): Job =>
  defineJob({ name: "t", source: drops, extract, into: { table: "t", mode: "append" }, ...more } as JobSpec);
const load = (extract: FileExtract, more?: Partial<JobSpec>): Promise<RunSummary> => company.load([job(extract, more)]);
const rows = (): Promise<unknown[][]> => company.rows("SELECT * FROM t ORDER BY 1");
const warningsOf = (run: RunSummary): string => stepOf(run, "t").warnings?.join("\n") ?? "";
const sheet = (cells: unknown[][]): Buffer => {
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet(cells), "Report");
  return write(book, { type: "buffer", bookType: "xlsx" }) as Buffer;
};

describe("the encoding of a text file", () => {
  it.each([
    ["windows-1251", Buffer.from([0xc8, 0xe2, 0xe0, 0xed]), "Иван"],
    ["gb18030", Buffer.from([0xcd, 0xf5, 0xce, 0xb0, 0x81, 0x39, 0xee, 0x39]), "王伟㐀"],
    ["shift_jis", Buffer.from([0x83, 0x65, 0x83, 0x58, 0x83, 0x67]), "テスト"],
    ["iso-8859-2", Buffer.from([0xa3, 0xf3, 0x64, 0xbc]), "Łódź"],
    ["latin-1", Buffer.from([0x4a, 0xfc, 0x72, 0x67, 0x65, 0x6e]), "Jürgen"],
  ])("is any of the WHATWG standard: %s", async (encoding, name, text) => {
    company.drop("a.csv", Buffer.concat([Buffer.from("id,name\n1,"), name, Buffer.from("\n2,plain\n")]));
    await load({ file: "a.csv", encoding });
    expect(await rows()).toEqual([
      ["1", text],
      ["2", "plain"],
    ]);
  });

  it.each(["csv", "json", "ndjson"])(
    "is UTF-16 where the first bytes show it, in both byte orders: %s",
    async (kind) => {
      const text = { csv: 'id,name\n1,Łódź\n2,"a\nb"\n', json: '[{"id":1,"name":"Łódź"},{"id":2,"name":"a\\nb"}]' };
      const written = kind === "csv" ? text.csv : text.json;
      const lines = kind === "ndjson" ? '{"id":1,"name":"Łódź"}\n{"id":2,"name":"a\\nb"}\n' : written;
      for (const [i, mark] of ["\ufeff", ""].entries()) {
        const little = Buffer.from(`${mark}${lines}`, "utf16le");
        const big = Buffer.from(little).swap16();
        company.drop(`${kind}${i}le.${kind}`, little);
        company.drop(`${kind}${i}be.${kind}`, big);
      }
      await load({ file: `*.${kind}` });
      expect(await company.rows("SELECT id, name, count(*) FROM t GROUP BY ALL ORDER BY 1")).toEqual([
        ["1", "Łódź", "4"],
        ["2", "a\nb", "4"],
      ]);
    },
  );

  it("has a byte order mark, which is no part of the first name or of JSON", async () => {
    company.drop("a.json", '\ufeff[{"id":1},{"id":2}]');
    await load({ file: "a.json" });
    expect(await company.rows("SELECT id FROM t ORDER BY 1")).toEqual([["1"], ["2"]]);
  });

  it("that does not fit is an error with file and line; an unknown label is one of the project", async () => {
    company.drop(
      "a.csv",
      Buffer.concat([Buffer.from("id,name\n1,x\n2,"), Buffer.from([0x81, 0x20]), Buffer.from("\n")]),
    );
    await expect(load({ file: "a.csv", encoding: "shift_jis" })).rejects.toMatchObject({
      code: "source-refused",
      message: "a.csv, line 3: the text is not shift_jis",
    });
    await expect(load({ file: "a.csv", encoding: "klingon" })).rejects.toThrow(/encoding "klingon" is unknown/);
    expect(await company.manifest()).toBeUndefined();
  });
});

describe("a table in a text file", () => {
  it("may begin with a `sep=` line, which names the delimiter", async () => {
    company.drop("a.csv", "sep=;\nid;amount\n1;10\n2;20\n");
    await load({ file: "a.csv" });
    expect(await rows()).toEqual([
      ["1", "10"],
      ["2", "20"],
    ]);
  });

  it("may lie below a title, which is reported", async () => {
    company.drop("a.csv", "Sales report 2024\nprinted 2024-02-01\n\nid,shop,amount\n1,A,10\n2,B,20\n");
    const run = await load({ file: "a.csv" });
    expect(await company.rows("SELECT id, shop, amount FROM t ORDER BY 1")).toEqual([
      ["1", "A", "10"],
      ["2", "B", "20"],
    ]);
    expect(warningsOf(run)).toContain(
      'a.csv: 3 lines above the column names were left out, which begin with "Sales report 2024"',
    );
  });

  it("of one column is not taken for a title above a list of names", async () => {
    company.drop("a.csv", "name\nSmith, John\nDoe, Jane\n");
    await expect(load({ file: "a.csv" })).rejects.toThrow(/the record has 2 fields, the header 1/);
  });

  it("begins where `skip` says, ends where `footer` says, and leaves out comments", async () => {
    company.drop("a.csv", "x,y\n1,2\n# note\nid,amount\n1,10\n# within, the table\n2,20\nTotal,30\nend,\n");
    const run = await load({ file: "a.csv", skip: 2, comment: "#", footer: "^Total" });
    expect(await rows()).toEqual([
      ["1", "10"],
      ["2", "20"],
    ]);
    expect(warningsOf(run)).toContain("a.csv: the table ends at line 8; 2 lines were left out");
  });

  it("has names over several lines, quotes within them, and only its own rows below", async () => {
    company.drop("a.csv", '"Order\nnumber","the ""amount"""\n1,10\n2,x\n3,30\n');
    const run = await load(
      { file: "a.csv" },
      {
        columns: { id: { from: "Order number", type: "integer" }, amount: { from: 'the "amount"', type: "integer" } },
        onReject: { failAbove: "50%" },
      },
    );
    expect(await rows()).toEqual([
      [1, 10],
      [3, 30],
    ]);
    expect(stepOf(run, "t")).toMatchObject({ read: 3, rejected: 1 });
  });

  it("has quotes and escapes of its own", async () => {
    company.drop("a.csv", "id,name\n1,'a, b'\n2,'it\\'s \\\\ \\n'\n");
    await load({ file: "a.csv", quote: "'", escape: "\\" });
    expect(await rows()).toEqual([
      ["1", "a, b"],
      ["2", "it's \\ n"],
    ]);
  });

  it("has words for null, in what DuckDB reads and in what is read record by record", async () => {
    company.drop("a.csv", "id,amount\n1,10\n2,\\N\n3,20\n4,NULL\n");
    company.drop("b.csv", "id,amount\r\n5, n/a \n6,7\n");
    await load({ file: "*.csv", nullWords: ["NULL", "\\N", "n/a"] });
    expect(await company.rows("SELECT sum(amount)::INTEGER, count(amount), count(*) FROM t")).toEqual([[37, "3", "6"]]);
  });

  it("says from which file a row is, whole or in part", async () => {
    company.drop("sales_2024-01-01.csv", "amount\n10\n");
    company.drop("sales_2024-01-02.csv.gz", gzipSync("amount\n11\n"));
    await load(
      { file: "sales_*" },
      {
        columns: {
          file: { from: "__file", type: "varchar" },
          amount: "integer",
        },
      },
    );
    expect(await rows()).toEqual([
      ["sales_2024-01-01.csv", 10],
      ["sales_2024-01-02.csv", 11],
    ]);
    const day = { from: "__file", type: "date", pattern: "sales_([0-9-]+)" } as const;
    await company.load([
      defineJob({
        name: "d",
        source: drops,
        extract: { file: "sales_*" },
        columns: { day, amount: "integer" },
        into: { table: "d" },
      }),
    ]);
    expect(await company.rows("SELECT day, amount FROM d ORDER BY 1")).toEqual([
      ["2024-01-01", 10],
      ["2024-01-02", 11],
    ]);
  });
});

describe("a file that is not complete", () => {
  it("waits for the next load and is named; the others go on", async () => {
    const zipped = gzipSync("id\n3\n");
    company.drop("a.csv", "id\n1\n");
    company.drop("b.csv", "");
    company.drop("c.csv.gz", zipped.subarray(0, zipped.length - 6));
    const run = await load({ file: "*" });
    expect(await rows()).toEqual([["1"]]);
    expect(warningsOf(run)).toContain("b.csv is empty: it waits for the next load");
    expect(warningsOf(run)).toContain("c.csv.gz is not a complete gzip file: it waits for the next load");
    company.drop("b.csv", "id\n2\n");
    company.drop("c.csv.gz", zipped);
    await load({ file: "*" });
    expect(await rows()).toEqual([["1"], ["2"], ["3"]]);
  });

  it("alone is no error: nothing is loaded", async () => {
    company.drop("a.csv", "");
    expect(stepOf(await load({ file: "*" }), "t")).toMatchObject({ read: 0 });
  });

  it("with names alone leaves types open: the first values decide, whatever comes first", async () => {
    company.drop("a.csv", "id,amount,day\n");
    await load({ file: "*" });
    company.drop("b.csv", "id,amount,day\n1,10.25,2024-01-31\n");
    await load({ file: "*" });
    expect(await company.rows("SELECT sum(amount)::VARCHAR, max(day) FROM t")).toEqual([["10.25", "2024-01-31"]]);
    company.drop("c.csv", "id,amount,day\n2,unknown,2024-02-01\n");
    await load({ file: "*" });
    expect(await company.rows("SELECT id, amount FROM t ORDER BY id")).toEqual([
      ["1", "10.25"],
      ["2", "unknown"],
    ]);
  });
});

describe("JSON", () => {
  it("has its records at a path, and lists next to texts in one field", async () => {
    company.drop(
      "a.json",
      '{"meta":{"n":3},"data":{"items":[{"id":1,"tag":"x"},{"id":2,"tag":["a","b"]},{"id":3,"tag":7}]}}',
    );
    await load({ file: "a.json", records: "data.items" });
    expect(await rows()).toEqual([
      ["1", '"x"'],
      ["2", '["a","b"]'],
      ["3", "7"],
    ]);
    company.drop("b.json", '{"data":{"items":[]}}');
    await expect(load({ file: "b.json", records: "data.rows" })).rejects.toThrow(
      /list "data.rows" not found in b.json/,
    );
  });

  it("keeps every digit of its numbers", async () => {
    company.drop(
      "a.ndjson",
      '{"id":1,"n":12345678901234567.891,"big":9223372036854775808,"note":"3.1415926535897932384 of \\"1.1234567890123456789\\""}\n' +
        '{"id":2,"n":0.1,"big":1,"note":"x"}\n',
    );
    await load({ file: "a.ndjson" });
    expect(await company.rows("SELECT id, n, big, note, typeof(n) FROM t ORDER BY 1")).toEqual([
      [
        "1",
        "12345678901234567.891",
        "9223372036854775808",
        '3.1415926535897932384 of "1.1234567890123456789"',
        "DECIMAL(38,3)",
      ],
      ["2", "0.100", "1", "x", "DECIMAL(38,3)"],
    ]);
  });
});

describe("an Excel sheet", () => {
  it("loses no cell beyond its names, and says where they are", async () => {
    company.drop(
      "a.xlsx",
      sheet([
        ["id", "amount"],
        [1, 10],
        [2, 20, "late", 5],
      ]),
    );
    const run = await load({ file: "a.xlsx" });
    expect(await rows()).toEqual([
      ["1", "10", null, null],
      ["2", "20", "late", "5"],
    ]);
    expect(warningsOf(run)).toContain("1 rows have cells beyond the column names: they are in column2 to column3");
  });

  it("may have a title above its names and a total below, which are reported", async () => {
    company.drop(
      "a.xlsx",
      sheet([["Sales 2024"], [], ["id", "amount"], [1, 10], [2, "n/a"], ["Total", 10], ["printed", "today"]]),
    );
    const run = await load({ file: "a.xlsx", footer: "^Total", nullWords: ["n/a"] });
    expect(await rows()).toEqual([
      ["1", "10"],
      ["2", null],
    ]);
    expect(warningsOf(run)).toContain('1 rows above the column names were left out, which begin with "Sales 2024"');
    expect(warningsOf(run)).toContain("the table ends at row 6; 2 rows were left out");
  });

  it.each(["xls", "xlsb", "ods", "xlsm"] as const)("is read from .%s too", async (bookType) => {
    const book = utils.book_new();
    utils.book_append_sheet(
      book,
      utils.aoa_to_sheet([
        ["id", "name"],
        [1, "Łódź"],
      ]),
      "A",
    );
    company.drop(`a.${bookType}`, write(book, { type: "buffer", bookType }) as Buffer);
    await load({ file: "a.*" });
    expect(await rows()).toEqual([["1", "Łódź"]]);
  });
});

it("a moment at midnight may be written as its day", async () => {
  company.drop("a.csv", "id,at\n1,2024-01-01\n2,2024-01-01 10:00:00\n");
  await load({ file: "a.csv" });
  expect(await rows()).toEqual([
    ["1", "2024-01-01 00:00:00"],
    ["2", "2024-01-01 10:00:00"],
  ]);
});

it("a phone number without its plus sign keeps its country code", async () => {
  company.drop("a.csv", "id,phone\n1,491712345678\n2,0171 2345679\n3,+44 20 7946 0018\n4,2079460018\n");
  await load(
    { file: "a.csv" },
    { columns: { id: "integer", phone: { type: "varchar", clean: ["phone:DE"] } }, onReject: { failAbove: "50%" } },
  );
  expect(await rows()).toEqual([
    [1, "+491712345678"],
    [2, "+491712345679"],
    [3, "+442079460018"],
    [4, "+492079460018"],
  ]);
});
