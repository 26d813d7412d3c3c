/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A menu of links that works without script. With script, typing filters and arrow keys move. */
import type { Child } from "hono/jsx";
import { Icon } from "./icon.tsx";
import { useWords } from "./words.ts";

export interface Option {
  readonly title: string;
  readonly href: string;
  readonly what?: string | undefined;
  readonly chosen?: boolean;
}

export interface OptionGroup {
  readonly title: string;
  readonly options: readonly Option[];
}

export interface PickerProps {
  readonly label: Child;
  readonly children?: Child;
  readonly class?: string;
  /** the class of the button; default `button` */
  readonly button?: string;
  /** what is chosen, for screen readers */
  readonly name?: string;
}

export const Picker = ({ label, children, class: className = "", button = "button", name }: PickerProps) => (
  <details class={`picker ${className}`} name="picker">
    <summary class={button} {...(name ? { "aria-label": name } : {})}>
      {label}
    </summary>
    <div class="panel">{children}</div>
  </details>
);

export const Caret = () => <Icon name="caret" class="caret" />;

/** The search field of a menu; script shows it. @param attributes further attributes, for example `data-members` */
export const MenuSearch = ({
  label,
  attributes = {},
}: {
  readonly label: string;
  readonly attributes?: { readonly [name: string]: string };
}) => (
  <input
    class="search"
    type="search"
    placeholder={label}
    aria-label={label}
    data-filter
    {...attributes}
    hidden
    autocomplete="off"
    spellcheck={false}
  />
);

/** What a menu shows when the typed text matches nothing. */
export const NothingMatches = () => (
  <p class="nothing" data-nothing hidden>
    {useWords().shared.nothingMatches}
  </p>
);

/** @param search the label of the search field; without it the menu has none */
export const Options = ({ groups, search }: { readonly groups: readonly OptionGroup[]; readonly search?: string }) => (
  <>
    {search ? <MenuSearch label={search} /> : null}
    <div class="scroll" data-options>
      {groups.map((group) => (
        <div data-group>
          {group.title ? <h4>{group.title}</h4> : null}
          {group.options.map(({ title, href, what, chosen }) => (
            <a class="option" href={href} data-option {...(chosen ? { "aria-current": "true" } : {})}>
              <span>
                {title}
                {what ? <span class="what">{what}</span> : null}
              </span>
            </a>
          ))}
        </div>
      ))}
      <NothingMatches />
    </div>
  </>
);
