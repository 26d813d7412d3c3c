/** `tessera query`. */
import { readFileSync, writeFileSync } from "node:fs";
import { Option, type Command } from "commander";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { Query, Result } from "../../engine/model/query.ts";
import { planText } from "../../engine/query/inspect/plan-text.ts";
import { pivot } from "../../engine/query/language/pivot.ts";
import { openProject } from "../../etl/project/open-project.ts";
import { formatValue, UNKNOWN } from "../charts/format-value.ts";
import type { ExportFormat } from "../exports/export-format.ts";
import { FORMATS, formatNamed } from "../exports/formats.ts";
import { fromHere, type CommandContext } from "./context.ts";
import { textTable } from "./run-text.ts";

interface QueryFlags {
  readonly format?: string;
  readonly explain?: string | true;
  readonly out?: string;
  readonly json?: boolean;
  readonly members?: string | true;
}

export function register(program: Command, context: CommandContext): void {
  program
    .command("query")
    .description("answer one query")
    .argument("[file]", 'a JSON file, - for standard input, or the JSON itself: \'{"measures":["sales.revenue"]}\'')
    .addOption(
      new Option("--format <format>", "format of the answer").choices(["table", ...FORMATS.map(({ name }) => name)]),
    )
    .option(
      "--explain [plan]",
      "show SQL, plan, formulas, rollups and the origin of the data; plan: the logical plan as JSON",
    )
    .option("--out <file>", "write the answer to a file; its extension selects the format")
    .option("--members [attribute]", "list all members, or an attribute's values")
    .option("--json", "same as --format json")
    .action(async (given: string | undefined, flags: QueryFlags) => {
      const { file, explain } = explained(given, flags);
      const project = await openProject(context.folder);
      try {
        if (flags.members !== undefined)
          return void process.stdout.write(
            flags.members === true
              ? listMembers(project.catalog())
              : `${(await project.members(flags.members, { limit: 1000 })).values.join("\n")}\n`,
          );
        const query = readQuery(file);
        if (explain) {
          const found = await project.explain(query);
          if (explain === "plan") return void process.stdout.write(`${planText(found.logical)}\n`);
          if (flags.json) return void process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
          const parameters = found.parameters.length > 0 ? `parameters: ${JSON.stringify(found.parameters)}\n` : "";
          return void process.stdout.write(
            `${found.sql.join(";\n")}\n${parameters}\n${textTable(
              ["measure", "formula", "tables"],
              found.measures.map((m) => [m.member, m.formula, m.tables.join(", ")]),
            )}\n${
              found.rollups.length > 0
                ? `${textTable(
                    ["rollup", "", "why"],
                    found.rollups.map((r) => [r.name, r.used ? "used" : "not used", r.reason]),
                  )}\n`
                : ""
            }${textTable(
              ["table", "made from", "last load that changed it", "finished"],
              found.tables.map((t) => [
                t.name,
                t.job ? `${t.job.source}: ${t.job.extract}` : t.from.join(", "),
                t.load?.run ?? "",
                t.load?.finishedAt ?? "",
              ]),
            )}\n${found.plan}\n`,
          );
        }
        const format = formatOf(flags);
        const answer = await rendered(format, query, project);
        if (flags.out !== undefined) {
          writeFileSync(fromHere(flags.out), answer);
          process.stderr.write(`wrote ${flags.out}\n`);
        } else if (typeof answer !== "string" && process.stdout.isTTY)
          throw new TesseraError("usage", phrase`${format?.name} is binary`, {
            remedy: phrase`write it to a file with --out answer.${format?.name}`,
          });
        else process.stdout.write(answer);
      } finally {
        await project.close();
      }
    });
}

/** `--explain` takes the word `plan`; any other word after it is the query. */
function explained(
  file: string | undefined,
  { explain }: QueryFlags,
): { readonly file: string | undefined; readonly explain: "plan" | boolean } {
  if (explain === undefined || explain === true) return { file, explain: explain ?? false };
  return explain === "plan" ? { file, explain } : { file: file ?? explain, explain: true };
}

/** @param format undefined: a table for people */
async function rendered(
  format: ExportFormat | undefined,
  query: Query,
  project: Awaited<ReturnType<typeof openProject>>,
): Promise<string | Uint8Array> {
  const across = query.pivot?.columns ?? [];
  if (format === undefined) return table(pivot(await project.query(query), across));
  const written = await format.write(
    {
      title: "Query",
      across,
      result: () => project.query(query),
      arrow: () => project.arrow(query),
      parquet: () => project.parquet(query),
    },
    { indented: true, asOf: new Date() },
  );
  return typeof written === "string" && !written.endsWith("\n") ? `${written}\n` : written;
}

function table(result: Result): string {
  const shown = (row: Result["rows"][number], total: boolean): string[] =>
    result.columns.map((c, i) => {
      if (row[c.name] === undefined) return total && i === 0 ? "Total" : "";
      return c.kind === "dimension" && row[c.name] === null ? UNKNOWN : formatValue(row[c.name], c);
    });
  const lines = [
    ...result.rows.map((r) => shown(r, false)),
    ...(result.others ?? []).map((o) =>
      shown(o.row, false).map((cell, i) => (cell === "" && i === 0 ? "(all others)" : cell)),
    ),
    ...(result.totals ?? []).map((t) => shown(t.row, true)),
  ];
  const body =
    result.rows.length === 0
      ? "no rows: remove filters or choose a longer period\n"
      : textTable(
          result.columns.map((c) => c.title),
          lines,
        );
  const { truncated, elapsedMs, warehouseVersion } = result.meta;
  const rows = `${result.rows.length.toLocaleString("en")} rows${truncated ? ", cut by the limit" : ""}`;
  return `${body}${rows} · ${elapsedMs} ms · version ${warehouseVersion}\n`;
}

function readQuery(file: string | undefined): Query {
  if (file === undefined)
    throw new TesseraError("usage", "the query is missing", {
      remedy: "add a JSON file, - for standard input, or the JSON itself; --members lists the members",
    });
  const inline = file.trimStart().startsWith("{");
  let text: string;
  try {
    text = inline ? file : readFileSync(file === "-" ? 0 : fromHere(file), "utf8");
  } catch (error) {
    throw new TesseraError("usage", phrase`cannot read ${file}`, {
      remedy: "use the path of a JSON file, or - for standard input",
      cause: error,
    });
  }
  try {
    return JSON.parse(text) as Query;
  } catch (error) {
    throw new TesseraError(
      "query-invalid",
      inline ? "the query is not valid JSON" : phrase`${file} is not valid JSON`,
      {
        remedy: 'for example { "measures": ["sales.revenue"], "dimensions": ["date.month"] }',
        cause: error,
      },
    );
  }
}

/** The format that is asked for, else that of the file's extension, else JSON in a file and a table on the screen. */
function formatOf({ format, json, out }: QueryFlags): ExportFormat | undefined {
  const named = format ?? (json ? "json" : undefined);
  if (named !== undefined) return formatNamed(named);
  return out === undefined ? undefined : (formatNamed(out.split(".").pop() ?? "") ?? FORMATS[0]);
}

function listMembers(catalog: ReturnType<Awaited<ReturnType<typeof openProject>>["catalog"]>): string {
  const measures = catalog.cubes.flatMap((cube) => cube.measures.map((m) => [m.member, "measure", m.title, m.formula]));
  const attributes = [
    ...catalog.roles.flatMap((role) => role.attributes.map((a) => [a.member, a.type, a.title, role.cubes.join(", ")])),
    ...catalog.cubes.flatMap((cube) => cube.attributes.map((a) => [a.member, a.type, a.title, cube.name])),
  ];
  return [
    textTable(["measure", "", "title", "formula"], measures),
    textTable(["dimension", "type", "title", "cubes"], attributes),
  ].join("\n");
}
