/** A load in its own process, with the memory that the process takes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runLoad, type RunSummary } from "../../etl/index.ts";
import type { Company } from "./_company.ts";

export interface Measured {
  readonly run: RunSummary | undefined;
  readonly error: { readonly code?: string; readonly message: string } | undefined;
  /** megabytes of the process at most, sampled from /proc every 20 ms */
  readonly memory: number;
}

/** `jobs` is TypeScript: elements of the project's list of jobs. */
export async function measureLoad(
  company: Company,
  jobs: string,
  memoryLimit: string,
  environment: Record<string, string> = {},
): Promise<Measured> {
  writeFileSync(join(company.folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(company.folder, "tessera.config.ts"),
    `import { defineJob, defineProject, env, files, postgres, sqlite } from "tessera";\nexport default defineProject({ name: "t", warehouse: { path: "./warehouse", memoryLimit: ${JSON.stringify(memoryLimit)}, threads: 2 }, dimensions: [], cubes: [], jobs: [${jobs}] });\n`,
  );
  let [pid, memory] = [0, 0];
  const sampler = setInterval(() => {
    try {
      if (pid > 0)
        memory = Math.max(memory, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0));
    } catch {
      // the process has just ended
    }
  }, 20);
  let [run, error]: [RunSummary | undefined, Measured["error"]] = [undefined, undefined];
  await runLoad({
    folder: company.folder,
    environment: { ...process.env, ...environment },
    onStart: (number) => {
      pid = number;
    },
  }).then(
    (done) => {
      run = done;
    },
    (thrown: Error) => {
      error = thrown;
    },
  );
  clearInterval(sampler);
  return { run, error, memory: Math.round(memory / 1024) };
}
