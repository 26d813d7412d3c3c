import { describe, expect, it } from "vitest";
import { sourcesOf } from "./_sources.ts";

/** What a load must survive, by number, and a word of each part that a test's name must hold; see etl/README.md. */
const FAULTS: { readonly [number: string]: readonly RegExp[] } = {
  F1: [/random moments/, /every named step/],
  F2: [/just before the pointer/, /just after the pointer/],
  F3: [/middle of COPY/, /middle of a page/, /stalls/],
  F4: [/no rows/, /status 200/],
  F5: [/full/, /no space/],
  F6: [/rows/, /cells of 5 MB/],
  F7: [/added/, /dropped/, /renamed/, /widened/, /retyped/, /nullable/, /reordered/, /case/, /equal after normalising/],
  F8: [/same page twice/, /renamed/, /same batch twice/],
  F9: [/earlier/, /25,000/, /null cursors/, /clock set back/],
  F10: [/in one batch/, /two batches/, /primary key/, /neither gap nor overlap/],
  F11: [
    /UTF-8/,
    /NUL/,
    /39-digit/,
    /NaN/,
    /zero date/,
    /infinity/,
    /unclosed quote/,
    /BOM/,
    /mixed line ends/,
    /formula/,
    /2\^63/,
    /emoji/,
    /NFC and NFD/,
    /replayed/,
  ],
  F12: [/429/, /500/, /Retry-After/, /truncated JSON/, /never advances/, /total/, /token that expires/],
  F13: [/two loads/, /load and a rollback/, /two schedulers/, /process number/],
  F14: [/gap/, /repeat/, /Lord Howe/, /Santiago/, /leap day/, /clock that jumps/, /three days asleep/],
  F15: [/truncated/, /flipped byte/, /missing file/, /segment falls back/, /pointer to nothing/],
  F16: [/in one process/, /worker/, /being built/, /copied live/],
  F17: [/incremental load/],
  F18: [/every kept version, spool, reject and log/, /do not bring them back/],
  F19: [/fails, crashes/, /empty list/],
  F20: [/logs/, /state/, /errors/, /plan/, /API answer/],
};

const tests = sourcesOf("tests").filter((source) => source.path.endsWith(".test.ts"));
/** Every name that begins with the number, and the rows that fill a name of a table. */
const textOf = (number: string): string =>
  tests
    .flatMap(({ text }) => [
      ...[
        ...text.matchAll(/\b(?:it|test)(?:\.\w+\([^\n]*\))?\(\s*["'`](F\d+): ([^\n]*)/g),
        ...text.matchAll(/\]\)\(\s*["'`](F\d+): ([^\n]*)/g),
      ].flatMap(([, of, name]) => (of === number ? [name!] : [])),
      ...[
        ...text.matchAll(
          /\b(?:it|test)\.each(?:<[^\n]*>)?\(\[((?:(?!\n\s*(?:it|test)\b)[^])*?)\](?: as const)?\)\(\s*["'`](F\d+): /g,
        ),
      ].flatMap(([, rows, of]) => (of === number ? [rows!] : [])),
    ])
    .join("\n");

describe("each fault has tests that begin with its number:", () => {
  it.each(Object.entries(FAULTS))("%s", (number, parts) => {
    const names = textOf(number);
    expect(names, `no test's name begins with "${number}: "`).not.toBe("");
    expect(parts.filter((part) => !part.test(names)).map(String), `parts of ${number} that no test names`).toEqual([]);
  });
});
