/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The state of runs and steps as a coloured word, and instants. */
import { useWords } from "./words.ts";

const TONES: { readonly [status: string]: string } = {
  published: "good",
  done: "good",
  running: "accent",
  failed: "bad",
  interrupted: "warn",
  rolled_back: "warn",
};

export const Status = ({ status }: { readonly status: string }) => {
  const words: { readonly [status: string]: string } = useWords().data.status;
  return <span class={`badge ${TONES[status] ?? ""}`}>{words[status] ?? status}</span>;
};

/** `2026-11-22 16:37` in UTC; the exact instant shows on hover. */
export const Instant = ({ at }: { readonly at: string }) => (
  <time datetime={at} title={at} class="nowrap">
    {at.slice(0, 10)} <span class="faint">{at.slice(11, 16)}</span>
  </time>
);
