/** `tessera export`. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { openState } from "../../engine/warehouse/index.ts";
import type { Query } from "../../engine/model/query.ts";
import {
  destinationsOf,
  exportList,
  listLists,
  missingSettings,
  type Audience,
  type ListDestination,
} from "../../etl/index.ts";
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
    .description("write a list of members to a system (CSV, database table, webhook)")
    .argument("[what]", "a segment, or a query whose filters select the members: a JSON file, or the JSON itself")
    .option("--to <target>", "a destination of the project")
    .option("--dry", "write to the outbox, even if the target is set up")
    .option("--lists", "show the lists so far")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nMembers without consent, or on the do-not-contact list, are left out. " +
        "Until the target's environment variables are set, lists go to the folder outbox of the warehouse.",
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
                ? "no lists yet\n"
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
            what === undefined ? "the segment or query is missing" : "the destination is missing",
            {
              remedy:
                all.length === 0
                  ? "declare a destination with defineDestination"
                  : phrase`use tessera export SEGMENT --to with one of ${all.map(destinationText).join(", ")}`,
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
          `list ${list.id}: ${list.found.toLocaleString("en")} found, ${list.withheld.toLocaleString("en")} withheld ` +
            `without consent, ${list.entries.toLocaleString("en")} listed\n` +
            `${list.status === "dry" ? "dry run: written to" : "delivered to"} ${list.detail ?? ""}\n`,
        );
      } finally {
        await project.close();
      }
    });
}

/** `call_list (ready)`, or what it waits for. */
const destinationText = ({ name, to }: ListDestination): string => {
  const missing = missingSettings(to, process.env);
  return missing.length > 0 ? `${name} (dry run until ${missing.join(", ")} is set)` : `${name} (ready)`;
};

function audienceOf(what: string): Audience {
  const inline = what.trimStart().startsWith("{");
  if (!inline && !what.endsWith(".json")) return what;
  try {
    return JSON.parse(inline ? what : readFileSync(fromHere(what), "utf8")) as Query;
  } catch (error) {
    throw new TesseraError(
      "query-invalid",
      inline ? "the query is not valid JSON" : phrase`cannot read ${what} as JSON`,
      {
        remedy:
          'for example { "measures": [], "filters": ' +
          '[{ "member": "customer.country", "operator": "equals", "values": ["Germany"] }] }',
        cause: error,
      },
    );
  }
}
