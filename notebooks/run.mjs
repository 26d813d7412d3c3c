// Runs one notebook in a process of its own: node run.mjs NAME PROJECT OUT. danfojs and its arithmetic stay away from everything else.
import { writeFileSync } from "node:fs";
import "../register.mjs";

const [name, folder, out] = process.argv.slice(2);
const { openProject, TesseraError } = await import(new URL("../index.ts", import.meta.url).href);
try {
  const { default: notebook } = await import(new URL(`${name}.ts`, import.meta.url).href);
  const { render } = await import(new URL("page.ts", import.meta.url).href);
  const project = await openProject(folder);
  try {
    writeFileSync(out, render(await notebook(project)));
  } finally {
    await project.close();
  }
} catch (error) {
  const missing = error.code === "ERR_MODULE_NOT_FOUND" && /danfojs/.test(error.message);
  process.send?.(
    error instanceof TesseraError
      ? { code: error.code, message: error.message, problems: error.problems }
      : missing
        ? {
            code: "not-found",
            message: "danfojs-node is not installed: notebooks need the development dependencies",
            problems: [
              {
                code: "not-found",
                message: "danfojs-node is not installed: notebooks need the development dependencies",
                remedy: "run npm ci without --omit=dev",
              },
            ],
          }
        : null,
  );
  if (!(error instanceof TesseraError) && !missing) console.error(error);
  process.exitCode = 1;
}
process.disconnect?.();
