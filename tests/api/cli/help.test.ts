import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Command } from "commander";
import { COMMANDS as ALL } from "../../../api/cli/commands.ts";
import { PACKAGE, startTessera, temporaryFolder, tessera } from "./_cli.ts";

const { folder, remove } = temporaryFolder();
afterAll(() => remove());

const COMMANDS = [
  "demo",
  "init",
  "check",
  "load",
  "plan",
  "loads",
  "rollback",
  "mine",
  "query",
  "notebook",
  "serve",
  "schedule",
  "source",
];

describe("help", () => {
  it("lists every command, each with a description", async () => {
    const { code, stdout, stderr } = await tessera(["--help"], { cwd: folder });
    expect([code, stderr]).toEqual([0, ""]);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b.* {2}\\S`, "m"));
  });

  it("and the README know the same commands", async () => {
    const { stdout } = await tessera(["--help"], { cwd: folder });
    const helped = [...stdout.slice(stdout.indexOf("Commands:")).matchAll(/^  ([a-z]+)\b/gm)]
      .map((match) => match[1]!)
      .filter((name) => name !== "help");
    const written = [
      ...readFileSync(join(PACKAGE, "api/cli/README.md"), "utf8")
        .split("\n## ")[0]!
        .matchAll(/^\| `([a-z]+)/gm),
    ].map((match) => match[1]!);
    expect(written.sort()).toEqual(helped.sort());
    expect(helped).toEqual(expect.arrayContaining(COMMANDS));
  });

  it("of each command says what the list says of it", async () => {
    const listed = new Command();
    for (const from of new Set(ALL.map((each) => each.from)))
      (await from()).register(listed, { folder, isDemo: false });
    expect(ALL.map(({ spec, summary }) => [spec, summary])).toEqual(
      listed.commands.map((command) => [
        [
          command.name(),
          ...command.registeredArguments.map((each) => {
            const name = `${each.name()}${each.variadic ? "..." : ""}`;
            return each.required ? `<${name}>` : `[${name}]`;
          }),
        ].join(" "),
        command.description(),
      ]),
    );
    for (const command of ["load", "resume", "restore"]) {
      const { code, stdout } = await tessera([command, "--help"], { cwd: folder });
      expect(code, command).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: tessera ${command} \\[options\\]`));
    }
  });

  it("goes to standard error with 2 where no command is given", async () => {
    const { code, stdout, stderr } = await tessera([], { cwd: folder });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Usage: tessera");
  });

  it("and whatever else is printed ends quietly where nobody reads on", async () => {
    for (const args of [["--help"], ["--version"]]) {
      const child = startTessera(args, { cwd: folder });
      child.stdout!.destroy();
      let stderr = "";
      child.stderr!.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      const [code] = (await once(child, "close")) as [number | null];
      expect([code, stderr]).toEqual([0, ""]);
    }
  });

  it("knows the version", async () => {
    expect(await tessera(["--version"], { cwd: folder })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
  });
});
