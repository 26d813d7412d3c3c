/** Follows a run by server-sent events: bar, step, rows, time. The page reloads when the run ends. */
import { notePlace } from "./place.ts";

interface RunEvent {
  readonly text: string;
  readonly rows: number | null;
  readonly rowsPerSecond: number | null;
  readonly done: number;
  readonly steps: number;
}

const count = (rows: number): string => Math.round(rows).toLocaleString(document.documentElement.lang);

/** `75 s` as `1 min 15 s` */
const timeText = (seconds: number): string =>
  seconds < 60 ? `${Math.floor(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;

const follow = (place: HTMLElement): void => {
  const { run = "", started = "", rows = "{rows}", rate = "{rows}" } = place.dataset;
  const bar = place.querySelector("progress");
  const text = place.querySelector("[data-text]");
  let latest: RunEvent | null = null;
  const show = (): void => {
    if (!latest || !text) return;
    const elapsed = (Date.now() - Date.parse(started)) / 1000;
    text.textContent = [
      latest.text,
      latest.rows === null ? "" : rows.replace("{rows}", count(latest.rows)),
      latest.rowsPerSecond === null ? "" : rate.replace("{rows}", count(latest.rowsPerSecond)),
      `${latest.done}/${latest.steps}`,
      elapsed >= 0 ? timeText(elapsed) : "",
    ]
      .filter((part) => part !== "")
      .join(" · ");
    if (bar) {
      bar.max = Math.max(1, latest.steps);
      bar.value = latest.done;
    }
  };
  const events = new EventSource(`/v1/runs/${encodeURIComponent(run)}/events`);
  const clock = setInterval(show, 1000);
  events.addEventListener("progress", (message: MessageEvent<string>) => {
    latest = JSON.parse(message.data) as RunEvent;
    show();
  });
  events.addEventListener("end", () => {
    events.close();
    clearInterval(clock);
    notePlace();
    location.reload();
  });
};

export const progress = (): void => {
  for (const place of document.querySelectorAll<HTMLElement>("[data-run]")) follow(place);
};
