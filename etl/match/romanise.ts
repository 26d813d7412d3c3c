/** Chinese names in Latin letters, so that 张伟 and Zhang Wei can be matched. */
import { at } from "../../engine/lookup.ts";
import { readTexts } from "../extract/read-sql.ts";
import type { DuckDBConnection } from "duckdb";
import { openChunkWriter } from "../extract/chunk-writer.ts";
import { inScratch, SCRATCH } from "../extract/extracted.ts";

/** Surnames of two characters; all others have one. */
const LONG_SURNAMES = new Set(
  [
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲",
    "公孙 公孫 慕容 令狐 夏侯 司徒 司空 端木 独孤 獨孤 南宫 南宮",
    "西门 西門 长孙 長孫 宇文 轩辕 軒轅 申屠 太史 澹台 澹臺 拓跋",
    "呼延 闻人 聞人 百里 东郭 東郭",
  ].flatMap((line) => line.split(" ")),
);

/** Reads Han characters as syllables without tones; surnames have readings of their own (单 is shan, 曾 is zeng). */
export type Syllables = (name: string) => readonly string[];

/** The reader; loaded for the first such name. */
export async function syllables(): Promise<Syllables> {
  const { pinyin } = await import("pinyin-pro");
  return (name) =>
    pinyin(name, { toneType: "none", type: "array", surname: "head" }).map((each) => each.replaceAll("ü", "u"));
}

/** Surname and given name as two words in alphabetical order; undefined unless all characters are Han. */
export function romanised(name: string, read: Syllables): string | undefined {
  const signs = Array.from(name.normalize("NFC").replaceAll(/[\s·・‧]/gu, ""));
  if (signs.length < 2 || signs.length > 6 || signs.some((sign) => !/\p{Script=Han}/u.test(sign))) return undefined;
  const parts = read(signs.join(""));
  if (parts.length !== signs.length) return undefined;
  const surname = signs.length > 2 && LONG_SURNAMES.has(signs.slice(0, 2).join("")) ? 2 : 1;
  return [parts.slice(0, surname).join(""), parts.slice(surname).join("")].sort().join(" ");
}

/** Fills a scratch table `(raw, latin)` with the Chinese names in a column of the table. */
export async function makeLatinTable(
  connection: DuckDBConnection,
  name: string,
  table: string,
  column: string,
): Promise<void> {
  const texts = await readTexts(
    connection,
    `SELECT DISTINCT CAST(${column} AS VARCHAR) AS v FROM ${table} AS e WHERE regexp_matches(v, '\\p{Han}')`,
  );
  await connection.run(`CREATE OR REPLACE TABLE ${inScratch(name)} (raw VARCHAR, latin VARCHAR)`);
  if (texts.length === 0) return;
  const read = await syllables();
  const writer = await openChunkWriter(connection, SCRATCH, name);
  for (const text of texts) {
    const latin = romanised(text, read);
    if (latin === undefined) continue;
    at(writer.columns, 0).setText(writer.row, text);
    at(writer.columns, 1).setText(writer.row, latin);
    writer.next();
  }
  writer.close();
}
