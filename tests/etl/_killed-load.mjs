// A load in a process that kills itself with -9 at a step of the publication: node _killed-load.mjs FOLDER STEP, or STEP:3 for its third time
import "../../sources.mjs";

const [folder, wanted] = process.argv.slice(2);
const [last, times = "1"] = wanted.split(":");
let passed = 0;
const { loadConfig } = await import(new URL("../../etl/declare/config.ts", import.meta.url).href);
const { loadInProcess } = await import(new URL("../../etl/run/load-in-process.ts", import.meta.url).href);
await loadInProcess({
  spec: await loadConfig(folder),
  folder,
  environment: {},
  onPublish: (step) => {
    if (step === last && ++passed === Number(times)) process.kill(process.pid, "SIGKILL");
  },
});
