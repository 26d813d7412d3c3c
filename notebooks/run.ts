/** Runs one notebook in a process of its own, `run NAME PROJECT OUT`, so that danfojs stays out of everything else. */
import { writeFileSync } from "node:fs";
import { openProject, TesseraError, type OpenProject, type Problem } from "tessera";
import type { Page } from "./page.ts";

interface Notebook {
  readonly default: (project: OpenProject) => Promise<Page>;
}

const [name = "", folder = "", out = ""] = process.argv.slice(2);
const NO_DANFO = "danfojs-node is not installed: notebooks need it";

const report = (message: string, problems: readonly Problem[], code: string): void => {
  process.send?.({ code, message, problems });
};

try {
  const ending = import.meta.url.slice(import.meta.url.lastIndexOf("."));
  const { default: notebook } = (await import(new URL(`${name}${ending}`, import.meta.url).href)) as Notebook;
  const { render } = await import("./page.ts");
  const project = await openProject(folder);
  try {
    writeFileSync(out, render(await notebook(project)));
  } finally {
    await project.close();
  }
} catch (error) {
  if (error instanceof TesseraError) report(error.message, error.problems, error.code);
  else if (isMissingDanfo(error)) {
    const remedy = import.meta.url.includes("/node_modules/")
      ? 'copy "overrides" from node_modules/tessera/package.json into your package.json, ' +
        "then run: npm install danfojs-node@1.2.0"
      : "run npm ci without --omit=dev";
    report(NO_DANFO, [{ code: "not-found", message: NO_DANFO, remedy }], "not-found");
  } else console.error(error);
  process.exitCode = 1;
}
process.disconnect?.();

function isMissingDanfo(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND" && /danfojs/.test(String(error))
  );
}
