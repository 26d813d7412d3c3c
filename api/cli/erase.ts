/** `tessera erase`. */
import type { Command } from "commander";
import { TesseraError } from "../../engine/errors/index.ts";
import { loadConfig } from "../../etl/declare/config.ts";
import { erasePerson } from "../../etl/erase/erase-person.ts";
import type { LoadCommandContext } from "./load.ts";

export function register(program: Command, context: LoadCommandContext): void {
  program
    .command("erase")
    .description("remove a person from every version, rejected row and list, and verify it; facts and totals stay")
    .argument("<customer>", "the dimension's key, or a system and its id: erp:C000123")
    .option("--json", "print JSON")
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
        const found = proof.left.length === 0 ? "nothing remains" : `${proof.left.length} places still hold one`;
        process.stdout.write(
          `erased: ${n(erased.rows)} rows changed; ${n(erased.rejects)} rejected rows, ${n(erased.notes)} notes ` +
            `and ${n(erased.lists)} list entries deleted; version ${erased.version} is served, ` +
            `the facts keep the key ${erased.key}\n` +
            `searched for ${n(proof.values)} personal texts in ${n(proof.columns)} columns of ` +
            `${n(proof.versions)} versions and in ${n(Math.round(proof.bytes / 1e6))} MB of ` +
            `${n(proof.files)} files: ${found}\n`,
        );
        if (erased.shared > 0)
          process.stdout.write(
            `emptied ${n(erased.shared)} texts that other persons share (a name, a street) without ` +
              `searching for them\n`,
          );
      }
      for (const path of erased.beside)
        process.stderr.write(`warning: ${path} is the remainder of a restore and STILL HOLDS THE PERSON: delete it\n`);
      if (proof.left.length > 0)
        throw new TesseraError("check-failed", "data of the person remains", {
          problems: proof.left.map((message) => ({ code: "check-failed" as const, message })),
          remedy: "declare the column in persons, and erase the person again",
        });
    });
}
