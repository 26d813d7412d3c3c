// Runs commands of the built program one after another, as each start of Node and the package takes about a second.
// What a command leaves in the process (variables, the folder, the exit code) is put back before the next.
import { register } from "node:module";
import { format } from "node:util";

const { main } = await import(new URL("../../../dist/api/cli/main.js", import.meta.url).href);

// a config that was changed since the last command is read again
register(
  `data:text/javascript,${encodeURIComponent(`
    export async function resolve(specifier, context, next) {
      const found = await next(specifier, context);
      return found.url.endsWith("/tessera.config.ts") ? { ...found, url: found.url + "?" + performance.now() } : found;
    }
  `)}`,
);

const own = { ...process.env };
const streams = { stdout: process.stdout, stderr: process.stderr };

process.on("message", async ({ args, cwd, env }) => {
  const said = { stdout: "", stderr: "" };
  const capture = (name) => (text, encoding, done) => {
    said[name] += String(text);
    (typeof encoding === "function" ? encoding : done)?.();
    return true;
  };
  for (const name of ["stdout", "stderr"]) streams[name].write = capture(name);
  console.log = (...words) => void streams.stdout.write(`${format(...words)}\n`);
  console.error = (...words) => void streams.stderr.write(`${format(...words)}\n`);
  for (const name of Object.keys(process.env)) if (!(name in own)) delete process.env[name];
  Object.assign(process.env, own, env);
  process.exitCode = 0;
  process.chdir(cwd);
  await main([process.execPath, "tessera", ...args]);
  process.send({ code: process.exitCode ?? 0, ...said });
});
process.send("ready");
