/** `tessera identities`. */
import { Argument, type Command } from "commander";
import { TesseraError } from "../../engine/errors/index.ts";
import { openState } from "../../engine/warehouse/index.ts";
import { decide, decisionsOf, entryText, parseEntry, parsePair } from "../../etl/match/index.ts";
import { matchOf, matchReport, precisionText, reviewPairs, unmerge } from "../../etl/project/match-review.ts";
import { openProject } from "../../etl/project/open-project.ts";
import type { CommandContext } from "./context.ts";
import { textTable } from "./run-text.ts";

interface Flags {
  readonly match?: string;
  readonly limit: string;
  readonly json?: boolean;
}

export function register(program: Command, context: CommandContext): void {
  program
    .command("identities")
    .description("review pairs that may be the same person, decide on them, separate an entry")
    .addArgument(
      new Argument("[action]", "what to do")
        .choices(["review", "accept", "reject", "unmerge", "decisions"])
        .default("review"),
    )
    .argument("[what]", "a pair as `review` shows it (accept, reject), or an entry as shop:U000123 (unmerge)")
    .option("--match <name>", "the match, if there are several")
    .option("--limit <n>", "number of pairs", "20")
    .option("--json", "print JSON")
    .addHelpText("after", "\nDecisions are never rolled back, and every load applies them.")
    .action(async (action: string, what: string | undefined, flags: Flags) => {
      const project = await openProject(context.folder);
      const state = openState(project.warehouse);
      try {
        const match = matchOf(project.spec, flags.match);
        const print = (value: unknown, text: string): void =>
          void process.stdout.write(flags.json ? `${JSON.stringify(value, null, 2)}\n` : text);
        if (action === "review") {
          const report = await matchReport(project, match);
          const { pairs, total } = await reviewPairs(project, state, match, { limit: Number(flags.limit) });
          const shown = (values: { readonly [field: string]: unknown }): string =>
            Object.values(values)
              .filter((value) => value !== null)
              .join(" · ");
          const n = (value: number): string => value.toLocaleString("en");
          const precision = report === null ? "" : precisionText(report);
          const head =
            report === null
              ? ""
              : `${n(report.entries)} entries, ${n(report.members)} members: ${n(report.byKey)} joined by keys, ` +
                `${n(report.byScore)} of ${n(report.compared)} compared pairs by similarity` +
                `${precision === "" ? "" : ` (${precision})`}; ${n(total)} pairs to review\n`;
          const pairText = (pair: (typeof pairs)[number]): string => {
            const likely = pair.alike ? `${Math.floor(100 * pair.probability)} %` : "names differ, much else agrees";
            return `\n${pair.id}  ${likely}\n  ${shown(pair.left.values)}\n  ${shown(pair.right.values)}\n`;
          };
          return print({ match: match.name, report, total, pairs }, `${head}${pairs.map(pairText).join("")}`);
        }
        if (action === "decisions") {
          const decisions = decisionsOf(state, match.name);
          return print(
            decisions,
            decisions.length === 0
              ? "no decisions yet\n"
              : textTable(
                  ["", "", ""],
                  decisions.map((d) => [
                    entryText(d.left),
                    d.decision === "same" ? "is" : "is not",
                    entryText(d.right),
                  ]),
                ),
          );
        }
        if (what === undefined)
          throw new TesseraError("usage", action === "unmerge" ? "the entry is missing" : "the pair is missing", {
            remedy: "run `tessera identities` to see the pairs",
          });
        if (action === "unmerge") {
          const others = await unmerge(project, state, match, parseEntry(what), "owner", new Date());
          return print(
            { entry: what, apart: others.map(entryText) },
            `separated ${what} from ${others.map(entryText).join(", ")}; the next load applies it\n`,
          );
        }
        const pair = parsePair(what);
        const decision = action === "accept" ? ("same" as const) : ("apart" as const);
        decide(state, match.name, { ...pair, decision }, "owner", new Date());
        print(
          { ...pair, decision },
          `${entryText(pair.left)} ${decision === "same" ? "is" : "is not"} ${entryText(pair.right)}; ` +
            `the next load applies it\n`,
        );
      } finally {
        state.close();
        await project.close();
      }
    });
}
