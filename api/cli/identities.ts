/** `tessera identities`. */
import { Argument, type Command } from "commander";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
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
    .description("who is who: pairs to look at, decisions on them, taking an entry out of its group")
    .addArgument(
      new Argument("[action]", "what to do")
        .choices(["review", "accept", "reject", "unmerge", "decisions"])
        .default("review"),
    )
    .argument("[what]", "a pair as `review` shows it (accept, reject), or an entry as shop:U000123 (unmerge)")
    .option("--match <name>", "which match, where there are several")
    .option("--limit <n>", "so many pairs", "20")
    .option("--json", "print JSON")
    .addHelpText("after", "\nDecisions are kept in the state, are never rolled back, and every load applies them.")
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
          const head =
            report === null
              ? ""
              : `${report.entries.toLocaleString("en")} entries are ${report.members.toLocaleString("en")} members: ${report.byKey.toLocaleString("en")} joined by keys, ${report.byScore.toLocaleString("en")} of ${report.compared.toLocaleString("en")} compared pairs by likeness${precisionText(report) === "" ? "" : ` (${precisionText(report)})`}; ${total.toLocaleString("en")} pairs wait for a decision\n`;
          return print(
            { match: match.name, report, total, pairs },
            `${head}${pairs.map((pair) => `\n${pair.id}  ${pair.alike ? `${Math.floor(100 * pair.probability)} %` : "names differ, much else agrees"}\n  ${shown(pair.left.values)}\n  ${shown(pair.right.values)}\n`).join("")}`,
          );
        }
        if (action === "decisions") {
          const decisions = decisionsOf(state, match.name);
          return print(
            decisions,
            decisions.length === 0
              ? "nothing was decided yet\n"
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
          throw new TesseraError("usage", phrase`${action} needs ${action === "unmerge" ? "an entry" : "a pair"}`, {
            remedy: "`tessera identities` shows pairs",
          });
        if (action === "unmerge") {
          const others = await unmerge(project, state, match, parseEntry(what), "owner", new Date());
          return print(
            { entry: what, apart: others.map(entryText) },
            `${what} is told apart from ${others.map(entryText).join(", ")}; the next load applies it\n`,
          );
        }
        const pair = parsePair(what);
        const decision = action === "accept" ? ("same" as const) : ("apart" as const);
        decide(state, match.name, { ...pair, decision }, "owner", new Date());
        print(
          { ...pair, decision },
          `${entryText(pair.left)} ${decision === "same" ? "is" : "is not"} ${entryText(pair.right)}; the next load applies it\n`,
        );
      } finally {
        state.close();
        await project.close();
      }
    });
}
