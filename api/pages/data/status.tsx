/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The state of runs and steps in a word and a colour. */
const TONES: { readonly [status: string]: string } = {
  published: "good",
  done: "good",
  running: "accent",
  failed: "bad",
  interrupted: "warn",
  rolled_back: "warn",
  checked: "",
  skipped: "",
};
const WORDS: { readonly [status: string]: string } = { rolled_back: "rolled back", checked: "dry run" };

export const Status = ({ status }: { readonly status: string }) => (
  <span class={`badge ${TONES[status] ?? ""}`}>{WORDS[status] ?? status}</span>
);

/** `2026-11-22T16:37:44.020Z` -> `22 Nov 2026, 16:37` in UTC, with the instant itself to hover. */
export const Instant = ({ at }: { readonly at: string }) => (
  <time datetime={at} title={at} class="nowrap">
    {at.slice(0, 10)} <span class="faint">{at.slice(11, 16)}</span>
  </time>
);

export const count = (n: number): string => n.toLocaleString("en-US");
