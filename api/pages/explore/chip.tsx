/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Chips: parts of the query, each of which can be removed. */
import type { Child } from "hono/jsx";
import { Icon } from "../parts/icon.tsx";
import { useWords } from "../parts/words.ts";

/** The cross that removes a chip. */
export const RemoveLink = ({ href }: { readonly href: string }) => (
  <a class="off" href={href} aria-label={useWords().explore.remove}>
    <Icon name="close" />
  </a>
);

export interface ChipProps {
  readonly title?: string | undefined;
  /** where the chip itself leads */
  readonly href?: string;
  /** the address without it */
  readonly off: string;
  readonly class?: string;
  readonly children?: Child;
}

export const Chip = ({ title, href, off, class: className = "", children }: ChipProps) => (
  <span class={`chip ${className}`} title={title}>
    {href ? (
      <a class="name" href={href}>
        {children}
      </a>
    ) : (
      <span>{children}</span>
    )}
    <RemoveLink href={off} />
  </span>
);

/** The label of a button that adds something. */
export const AddLabel = ({ title }: { readonly title: string }) => (
  <>
    <Icon name="plus" />
    {title}
  </>
);
