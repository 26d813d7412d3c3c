/** DuckDB's error texts in the words of whoever wrote the SQL or the model. */
import { didYouMean, phrase, type Message } from "../../engine/errors/index.ts";

/** A known error text, and its meaning from the parts that the pattern captures. */
interface Known {
  readonly pattern: RegExp;
  readonly meaning: (captured: readonly string[], text: string) => Message;
}

/** Names that DuckDB offers in place of an unknown one. */
const candidates = (text: string): string[] => {
  const [, list = ""] = /(?:Did you mean|Candidate (?:bindings|tables):) ?(.*)/.exec(text) ?? [];
  return [...list.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
};

const KNOWN: readonly Known[] = [
  {
    pattern: /^Catalog Error: Table with name (\S+) does not exist/,
    meaning: ([name = ""], text) => phrase`table "${name}" not found${didYouMean(name, candidates(text))}`,
  },
  {
    pattern: /^Catalog Error: (?:\w+ )*Function with name (\S+) does not exist/,
    meaning: ([name = ""], text) => phrase`function "${name}" not found${didYouMean(name, candidates(text))}`,
  },
  {
    pattern: /^Binder Error: Referenced column "([^"]+)"/,
    meaning: ([name = ""], text) => phrase`column "${name}" not found${didYouMean(name, candidates(text))}`,
  },
  {
    pattern: /^Binder Error: Table "([^"]+)" does not have a column named "([^"]+)"/,
    meaning: ([table = "", name = ""], text) =>
      phrase`column "${name}" not found in ${table}${didYouMean(name, candidates(text))}`,
  },
  {
    pattern: /^Binder Error: Referenced table "([^"]+)" not found/,
    meaning: ([name = ""], text) => phrase`table "${name}" not found${didYouMean(name, candidates(text))}`,
  },
  {
    pattern: /^Binder Error: column "?([^"\s]+)"? must appear in the GROUP BY clause/,
    meaning: ([name = ""]) => phrase`column "${name}" must be grouped or aggregated`,
  },
  {
    pattern: /^Binder Error: No function matches the given name and argument types '([^']+)'/,
    meaning: ([call = ""]) => phrase`${call} is not supported for arguments of these types`,
  },
  {
    pattern: /^Conversion Error: Could not convert string '([^']*)' to (\w+)/,
    meaning: ([value = "", type = ""]) => phrase`value "${value}" cannot be converted to ${type}`,
  },
  {
    pattern: /^Conversion Error: invalid (date|timestamp|time) field format: "([^"]*)"/,
    meaning: ([type = "", value = ""]) => phrase`value "${value}" cannot be converted to ${type.toUpperCase()}`,
  },
  {
    pattern: /^Parser Error: syntax error at or near "([^"]*)"/,
    meaning: ([near = ""]) => phrase`SQL syntax error near "${near}"`,
  },
  { pattern: /^Parser Error: syntax error at end of input/, meaning: () => phrase`SQL ends too early` },
];

/** What a DuckDB error text means; undefined for one that is not known. */
export function describeDuckdb(text: string): Message | undefined {
  for (const { pattern, meaning } of KNOWN) {
    const found = pattern.exec(text);
    if (found !== null) return meaning(found.slice(1), text);
  }
  return undefined;
}
