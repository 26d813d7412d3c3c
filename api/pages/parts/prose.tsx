/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A text of the catalogue with markup: `code` in backticks, elements in place of {names}. */
import type { Child } from "hono/jsx";

const PARTS = /(`[^`]+`|\{\w+\})/;

/** @param slots elements by name; an unknown name stays as it is */
export const Prose = ({
  text,
  slots = {},
}: {
  readonly text: string;
  readonly slots?: { readonly [name: string]: Child };
}) => (
  <>
    {text.split(PARTS).map((part) => {
      if (part.startsWith("`")) return <code>{part.slice(1, -1)}</code>;
      return part.startsWith("{") ? (slots[part.slice(1, -1)] ?? part) : part;
    })}
  </>
);
