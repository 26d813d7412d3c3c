/** Answers as files of text: what differs from one run to the next is left out of them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const FOLDER = fileURLToPath(new URL("../golden", import.meta.url));
const UPDATE = process.env["TESSERA_GOLDEN"] === "update";

/** What differs from one run to the next: identities of runs, moments, durations, sizes, and the project's folder. */
export const steady = (text: string, folder: string): string =>
  text
    .replaceAll(folder, "(folder)")
    .replaceAll(/\b\d{8}-\d{6}(-\w+)?\b/g, "(run)")
    .replaceAll(/\bin \d+ (day|hour|minute)s?\b|\b\d+ (day|hour|minute)s? ago\b/g, "(when)")
    .replaceAll(/\d+ requests?, at most .* failed\./g, "(requests)")
    .replaceAll(/"elapsedMs": [\d.]+/g, '"elapsedMs": (size)')
    .replaceAll(/\b20(?!2[45])\d\d-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?/g, "(moment)")
    .replaceAll(/\b\d{1,2} [A-Z][a-z]+ 20(?!2[45])\d\d( \d\d:\d\d)?|\b\d\d:\d\d\b/g, "(moment)")
    .replaceAll(/\b[0-9a-f]{16,64}\b/g, "(hash)")
    .replaceAll(/[-\w]+\.(js|css)\b/g, "(asset)")
    .replaceAll(/\d+(\.\d+)? (ms|s|seconds|milliseconds|[KM]B)\b/g, "(size)")
    .replaceAll(/"(milliseconds|seconds|bytes|duration|size)":\s*[\d.]+(?:e[-+]?\d+)?/g, '"$1":(size)');

/** Compares lines with the file of that name, or writes it where `TESSERA_GOLDEN=update` asks for it. */
export function sameAsBefore(name: string, folder: string, lines: readonly string[]): void {
  const path = `${FOLDER}/${name}.txt`;
  const text = `${steady(lines.join("\n"), folder)}\n`;
  if (UPDATE) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path), `no ${path}: write it with TESSERA_GOLDEN=update`).toBe(true);
  expect(text).toBe(readFileSync(path, "utf8"));
}
