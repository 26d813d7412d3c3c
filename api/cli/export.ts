/** `tessera export`. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { openState } from "../../engine/warehouse/index.ts";
import type { Query } from "../../engine/model/query.ts";
import { destinationsOf, exportList, listLists, missingSettings, type Audience } from "../../etl/index.ts";
import { openProject } from "../../etl/project/open-project.ts";
import { fromHere, type CommandContext } from "./context.ts";
import { textTable } from "./run-text.ts";

interface Flags {
  readonly to?: string;
  readonly dry?: boolean;
  readonly lists?: boolean;
  readonly json?: boolean;
}

export function register(program: Command, context: CommandContext): void {
  program
    .command("export")
    .description("writes a list of members back to a system (CSV, database table, webhook)")
    .argument("[what]", "a segment's name, or a query: a JSON file, or the JSON itself (its filters count)")
    .option("--to <target>", "a destination of the project")
    .option("--dry", "write to the outbox, even where the target is set up")
    .option("--lists", "show the lists that were made")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nNobody without consent or on the do-not-contact list is in a list. While an environment variable that the target names is not set, lists go to the folder outbox of the warehouse.",
    )
    .action(async (what: string | undefined, flags: Flags) => {
      const project = await openProject(context.folder);
      try {
        const print = (value: unknown, text: string): void =>
          void process.stdout.write(flags.json ? `${JSON.stringify(value, null, 2)}\n` : text);
        if (flags.lists) {
          const state = openState(project.warehouse);
          try {
            const lists = listLists(state);
            return print(
              lists,
              lists.length === 0
                ? "no list was made yet\n"
                : textTable(
                    ["list", "audience", "destination", "found", "withheld", "entries", "delivered", "status", "where"],
                    lists.map((l) => [
                      l.id,
                      l.audience,
                      l.destination,
                      String(l.found),
                      String(l.withheld),
                      String(l.entries),
                      String(l.delivered),
                      l.status,
                      l.detail ?? "",
                    ]),
                  ),
            );
          } finally {
            state.close();
          }
        }
        if (what === undefined || flags.to === undefined) {
          const all = destinationsOf(project.spec);
          throw new TesseraError(
            "usage",
            what === undefined ? "say whom: a segment or a query" : "say where: --to a destination",
            {
              remedy:
                all.length === 0
                  ? "the project declares no destination"
                  : `the project declares ${all.map((each) => `${each.name} (${missingSettings(each.to, process.env).length > 0 ? `dry until ${missingSettings(each.to, process.env).join(", ")} is set` : "set up"})`).join(", ")}`,
            },
          );
        }
        const list = await exportList(project, {
          audience: audienceOf(what),
          to: flags.to,
          ...(flags.dry && { dry: true }),
        });
        print(
          list,
          `list ${list.id}: ${list.found.toLocaleString("en")} found, ${list.withheld.toLocaleString("en")} withheld for want of consent, ${list.entries.toLocaleString("en")} listed\n${list.status === "dry" ? `dry: written to ${list.detail ?? ""}` : `delivered to ${list.detail ?? ""}`}\n`,
        );
      } finally {
        await project.close();
      }
    });
}

function audienceOf(what: string): Audience {
  const inline = what.trimStart().startsWith("{");
  if (!inline && !what.endsWith(".json")) return what;
  try {
    return JSON.parse(inline ? what : readFileSync(fromHere(what), "utf8")) as Query;
  } catch (error) {
    throw new TesseraError(
      "query-invalid",
      phrase`${inline ? "the query" : what} cannot be read: ${(error as Error).message}`,
      {
        remedy:
          '{ "measures": [], "filters": [{ "member": "customer.country", "operator": "equals", "values": ["Germany"] }] }',
      },
    );
  }
}
