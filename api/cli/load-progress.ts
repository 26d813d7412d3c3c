/** Progress of a load: one changing line on a terminal, else one line per finished step. */
import type { Progress } from "../../etl/index.ts";

export interface ProgressLines {
  readonly show: (progress: Progress) => void;
  readonly end: () => void;
}

const WIDTH = 20;

export function progressLines(out: NodeJS.WriteStream): ProgressLines {
  const running = new Map<string, Progress>();
  let finished = 0;
  const draw = (): void => {
    const parts = [...running.values()].slice(0, 3).map((each) => `${each.name} ${each.stage}${bar(each)}`);
    out.write(`\r\u001b[2K${finished} done${parts.length > 0 ? ` · ${parts.join(" · ")}` : ""}`);
  };
  return {
    show: (progress) => {
      if (progress.kind === "run") {
        if (progress.message !== undefined && (progress.stage === "lease" || !out.isTTY))
          out.write(`${out.isTTY ? "\r\u001b[2K" : ""}${progress.stage}: ${progress.message}\n`);
        return;
      }
      if (progress.stage === "done") {
        running.delete(progress.name);
        finished++;
        if (!out.isTTY) out.write(`${progress.name}: ${(progress.rows ?? 0).toLocaleString("en")} rows\n`);
      } else running.set(progress.name, progress);
      if (out.isTTY) draw();
    },
    end: () => void (out.isTTY && out.write("\r\u001b[2K")),
  };
}

function bar(progress: Progress): string {
  if (progress.rows === undefined) return "";
  const rate = progress.rowsPerSecond === undefined ? "" : ` ${Math.round(progress.rowsPerSecond / 1000)} k/s`;
  if (progress.total === undefined || progress.total === 0) return ` ${progress.rows.toLocaleString("en")}${rate}`;
  const filled = Math.min(WIDTH, Math.round((progress.rows / progress.total) * WIDTH));
  const percent = Math.round((progress.rows / progress.total) * 100);
  return ` [${"#".repeat(filled)}${".".repeat(WIDTH - filled)}] ${percent} %${rate}`;
}
