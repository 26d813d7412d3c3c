// Prints the coverage of the unit tests by room (`engine/query/plan`, `etl/load`, …), the least covered branches first.
// What commands, loads and mining run in processes of their own is not seen.
import { readFileSync } from "node:fs";
import { relative } from "node:path";

const { total, ...files } = JSON.parse(readFileSync(process.argv[2] ?? "coverage/coverage-summary.json", "utf8"));
const rooms = new Map();
for (const [path, { lines, branches }] of Object.entries(files)) {
  const parts = relative(process.cwd(), path).split("/").slice(0, -1);
  const room = parts.slice(0, 3).join("/");
  const sum = rooms.get(room) ?? { files: 0, lines: [0, 0], branches: [0, 0] };
  sum.files++;
  for (const [name, found] of [
    ["lines", lines],
    ["branches", branches],
  ]) {
    sum[name][0] += found.covered;
    sum[name][1] += found.total;
  }
  rooms.set(room, sum);
}
const percent = ([covered, all]) => (all === 0 ? 100 : (100 * covered) / all);
const shown = (counts) => `${percent(counts).toFixed(0).padStart(3)} %`;
console.log(`${"room".padEnd(32)} files  lines  branches`);
for (const [room, { files: n, lines, branches }] of [...rooms].sort(
  ([, a], [, b]) => percent(a.branches) - percent(b.branches),
))
  console.log(`${room.padEnd(32)} ${String(n).padStart(5)}  ${shown(lines)}  ${shown(branches)}`);
if (total)
  console.log(
    `${"all".padEnd(32)} ${String(Object.keys(files).length).padStart(5)}  ${total.lines.pct.toFixed(0).padStart(3)} %  ${total.branches.pct.toFixed(0).padStart(3)} %`,
  );
