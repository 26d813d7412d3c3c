/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A menu of links that works without script; with it, typing filters and arrows move. */
import type { Child } from "hono/jsx";
import { Icon } from "./icon.tsx";

export interface Option {
  readonly title: string;
  readonly href: string;
  readonly what?: string | undefined;
  /** to the right: unit or name */
  readonly unit?: string | undefined;
  readonly chosen?: boolean;
  /** why it cannot be chosen */
  readonly not?: string | undefined;
}
export interface OptionGroup {
  readonly title: string;
  readonly options: readonly Option[];
}

export const Picker = ({
  label,
  children,
  class: className = "",
  button = "button",
  name,
}: {
  readonly label: Child;
  readonly children?: Child;
  readonly class?: string;
  readonly button?: string;
  readonly name?: string;
}) => (
  <details class={`picker ${className}`} name="picker">
    <summary class={button} {...(name ? { "aria-label": name } : {})}>
      {label}
    </summary>
    <div class="panel">{children}</div>
  </details>
);

export const Caret = () => <Icon name="caret" class="caret" />;

export const Options = ({ groups, search }: { readonly groups: readonly OptionGroup[]; readonly search?: string }) => (
  <>
    {search ? (
      <input
        class="search"
        type="search"
        placeholder={search}
        aria-label={search}
        data-filter
        hidden
        autocomplete="off"
        spellcheck={false}
      />
    ) : null}
    <div class="scroll" data-options>
      {groups.map((group) => (
        <div data-group>
          {group.title ? <h4>{group.title}</h4> : null}
          {group.options.map((o) =>
            o.not === undefined ? (
              <a class="option" href={o.href} data-option {...(o.chosen ? { "aria-current": "true" } : {})}>
                <span>
                  {o.title}
                  {o.what ? <span class="what">{o.what}</span> : null}
                </span>
                {o.unit ? <span class="unit">{o.unit}</span> : null}
              </a>
            ) : (
              <span class="option" data-option aria-disabled="true" title={o.not}>
                <span>
                  {o.title}
                  <span class="what">{o.not}</span>
                </span>
              </span>
            ),
          )}
        </div>
      ))}
      <p class="nothing" data-nothing hidden>
        Nothing matches.
      </p>
    </div>
  </>
);
