/** The encoding of a text file. */
import { encodingNamed } from "../../declare/encoding.ts";

/** The declared encoding by its standard name; undefined where nothing, or UTF-8, is declared. */
export function encodingOf(label: string | undefined): string | undefined {
  const name = label === undefined ? null : encodingNamed(label);
  return name === null || name === "utf-8" ? undefined : name;
}

/** Bytes that are looked at for zero bytes. */
const LOOKED_AT = 512;

/**
 * The encoding that the first bytes show: UTF-16 by its byte order mark, or by a zero byte in every other place, which
 * text in Latin letters has; else UTF-8.
 */
export function sniffEncoding(head: Buffer): "utf-8" | "utf-16le" | "utf-16be" {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const pairs = Math.min(LOOKED_AT, head.length) >> 1;
  if (pairs < 2) return "utf-8";
  let [first, second] = [0, 0];
  for (let i = 0; i < pairs; i++) {
    if (head[2 * i] === 0) first++;
    if (head[2 * i + 1] === 0) second++;
  }
  if (second > 0.7 * pairs && first === 0) return "utf-16le";
  return first > 0.7 * pairs && second === 0 ? "utf-16be" : "utf-8";
}
