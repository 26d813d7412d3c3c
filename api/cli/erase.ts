/** `tessera erase`. */
import type { Command } from "commander";
import { TesseraError } from "../../engine/errors/index.ts";
import { loadConfig } from "../../etl/declare/config.ts";
import { erasePerson } from "../../etl/erase/erase-person.ts";
import type { LoadCommandContext } from "./load.ts";

export function register(program: Command, context: LoadCommandContext): void {
  program
    .command("erase")
    .description(
      "removes a person from every kept version, rejected row and list, and proves it; facts stay, so no total changes",
    )
    .argument("<customer>", "the dimension's key, or a system and its number: erp:C000123")
    .option("--json", "print as JSON")
    .action(async (who: string, flags: { readonly json?: boolean }) => {
      const spec = await loadConfig(context.folder);
      const erased = await erasePerson({
        spec,
        folder: context.folder,
        who,
        onProgress: (message) => process.stderr.write(`${message}\n`),
      });
      const { proof } = erased;
      const n = (value: number): string => value.toLocaleString("en");
      if (flags.json) process.stdout.write(`${JSON.stringify(erased, null, 2)}\n`);
      else {
        process.stdout.write(
          `erased: ${n(erased.rows)} rows changed, ${n(erased.rejects)} rejected rows, ${n(erased.notes)} notes and ${n(erased.lists)} list entries gone; version ${erased.version} is served, the facts stand under the key ${erased.key}\n`,
        );
        process.stdout.write(
          `looked for ${n(proof.values)} texts of his own in ${n(proof.columns)} columns of ${n(proof.versions)} versions and in the ${n(Math.round(proof.bytes / 1e6))} MB of ${n(proof.files)} files: ${proof.left.length === 0 ? "nothing is left" : `${proof.left.length} places still hold one`}\n`,
        );
        if (erased.shared > 0)
          process.stdout.write(
            `${n(erased.shared)} texts that others share with him (a name, a street) were emptied in his rows and not searched for\n`,
          );
      }
      for (const path of erased.beside)
        process.stderr.write(`warning: ${path} was put aside by a restore and STILL HOLDS HIM: delete it\n`);
      if (proof.left.length > 0)
        throw new TesseraError("check-failed", "something of him is left", {
          problems: proof.left.map((message) => ({ code: "check-failed" as const, message })),
          remedy: "declare the column in persons, and erase him again",
        });
    });
}
