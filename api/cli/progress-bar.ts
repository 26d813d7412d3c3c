/** One line of progress: step, share done, speed. */

export interface ProgressBar {
  show(done: number, total: number, what: string): void;
  /** @param worked false prints nothing, as nothing was done */
  end(worked?: boolean): void;
}

const WIDTH = 24;

export function progressBar(out: NodeJS.WriteStream, title: string): ProgressBar {
  const started = performance.now();
  let shown = 0;
  let last = "";
  return {
    show(done, total, what) {
      const seconds = (performance.now() - started) / 1000;
      if (!out.isTTY) {
        if (what !== last) out.write(`${title}: ${what}\n`);
        last = what;
        return;
      }
      if (performance.now() - shown < 80) return;
      shown = performance.now();
      const filled = total > 0 ? Math.min(WIDTH, Math.round((done / total) * WIDTH)) : 0;
      const rate = done > 0 ? ` ${Math.round(done / seconds).toLocaleString("en")} rows/s` : "";
      out.write(`\r\u001b[2K${title} [${"#".repeat(filled)}${".".repeat(WIDTH - filled)}]${rate} · ${what}`);
    },
    end(worked = true) {
      if (out.isTTY) out.write("\r\u001b[2K");
      if (worked) out.write(`${title}: done in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    },
  };
}
