/** A run's steps as they happen, by server-sent events; the page is read anew when the run is over. */
interface RunEvent {
  readonly state: string;
  readonly step?: string | null;
  readonly rows?: number | null;
  readonly seconds?: number | null;
}

const words = (event: RunEvent): string =>
  [
    event.step ?? event.state,
    event.rows ? `${event.rows.toLocaleString("en-US")} rows` : "",
    event.seconds ? `${event.seconds.toFixed(1)} s` : "",
  ]
    .filter((w) => w !== "")
    .join(" · ");

export const progress = (): void => {
  for (const place of document.querySelectorAll<HTMLElement>("[data-run]")) {
    const events = new EventSource(`/v1/runs/${encodeURIComponent(place.dataset["run"] ?? "")}/events`);
    events.addEventListener("progress", (message) => {
      place.textContent = words(JSON.parse((message as MessageEvent<string>).data) as RunEvent);
    });
    events.addEventListener("end", () => {
      events.close();
      location.reload();
    });
  }
};
