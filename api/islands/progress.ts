import { notePlace } from "./place.ts";

/** Follows a run by server-sent events, and reloads the page when it ends. */
interface RunEvent {
  readonly state: string;
  readonly step?: string | null;
  readonly rows?: number | null;
  readonly seconds?: number | null;
}

/** @param rows the text for a number of rows, with {rows} in its place */
const progressText = (event: RunEvent, rows: string): string =>
  [
    event.step ?? event.state,
    event.rows ? rows.replace("{rows}", event.rows.toLocaleString(document.documentElement.lang)) : "",
    event.seconds ? `${event.seconds.toFixed(1)} s` : "",
  ]
    .filter((part) => part !== "")
    .join(" · ");

export const progress = (): void => {
  for (const place of document.querySelectorAll<HTMLElement>("[data-run]")) {
    const events = new EventSource(`/v1/runs/${encodeURIComponent(place.dataset["run"] ?? "")}/events`);
    events.addEventListener("progress", (message: MessageEvent<string>) => {
      const event: RunEvent = JSON.parse(message.data);
      place.textContent = progressText(event, place.dataset["rows"] ?? "{rows}");
    });
    events.addEventListener("end", () => {
      events.close();
      notePlace();
      location.reload();
    });
  }
};
