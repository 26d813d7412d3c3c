/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The state of runs and steps as a coloured word. */
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
