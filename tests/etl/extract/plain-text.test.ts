/** Files are looked at in pieces; what is said of them does not depend on where the pieces end. */
import { isUtf8 } from "node:buffer";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inspectFile, PlainText } from "../../../etl/extract/files/plain-text.ts";

const whole = (content: Buffer): boolean => {
  const text = content.toString("latin1");
  return (
    isUtf8(content) &&
    !text.includes("\0") &&
    (!text.includes("\r") || text.replaceAll("\r\n", "").match(/[\r\n]/) === null)
  );
};

test("a text in pieces is plain exactly when the whole text is, for all characters, line ends and cuts", () => {
  const part = fc.oneof(
    fc.constantFrom("a", "\r", "\n", "\r\n", "é", "€", "张", "😀", "\0").map((s) => Buffer.from(s)),
    fc.constantFrom([0xc3], [0xe2, 0x82], [0xff], [0x80], [0xf0, 0x9f, 0x98]).map((b) => Buffer.from(b)),
  );
  const text = fc
    .oneof(
      { weight: 3, arbitrary: fc.array(fc.constantFrom("a,b", "é", "€", "😀", "\r\n").map((s) => Buffer.from(s))) },
      { weight: 2, arbitrary: fc.array(part, { maxLength: 12 }) },
    )
    .map((parts) => Buffer.concat(parts));
  const found = { plain: 0, other: 0 };
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (content, sizes) => {
      const pieces = new PlainText();
      for (let at = 0, n = 0; at < content.length; n++) {
        const size = sizes[n % sizes.length]!;
        pieces.add(content.subarray(at, at + size));
        at += size;
      }
      expect(pieces.end()).toBe(whole(content));
      found[whole(content) ? "plain" : "other"]++;
    }),
    { numRuns: 3000, seed: 7 },
  );
  expect(Math.min(found.plain, found.other)).toBeGreaterThan(300);
});

test("a file in many pieces has its checksum and its head; one that grew meanwhile is left out", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tessera-plain-"));
  try {
    const path = join(folder, "long.csv");
    writeFileSync(path, Buffer.concat([Buffer.from("a,b\r\n"), Buffer.alloc(9_000_000, "x,€\r\n")]));
    const { size, mtimeMs } = statSync(path);
    const looked = await inspectFile({ path, size, modified: mtimeMs });
    expect(looked).toEqual({
      sha256: createHash("sha256").update(readFileSync(path)).digest("hex"),
      plain: whole(readFileSync(path)),
      head: readFileSync(path).subarray(0, 65_536),
    });
    expect(await inspectFile({ path, size: size - 1, modified: mtimeMs })).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
