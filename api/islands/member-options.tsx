/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx/dom */
/** Members that the page does not list, fetched while a person types. */
import { render } from "hono/jsx/dom";

type Member = string | number | boolean | null;

const Found = ({
  members,
  name,
  known,
}: {
  readonly members: readonly Member[];
  readonly name: string;
  readonly known: ReadonlySet<string>;
}) => (
  <>
    {members
      .filter((m) => !known.has(String(m)))
      .map((m) => (
        <label class="option" data-option="">
          <input type="checkbox" name={name} value={String(m)} />
          <span class="clip">{String(m)}</span>
        </label>
      ))}
  </>
);

/**
 * @returns a function that fetches members like `text` 150 ms after its last call, and calls `done` once they are
 * listed
 */
export const memberOptions = (
  list: HTMLElement,
  member: string,
  name: string,
): ((text: string, done: () => void) => void) => {
  const found = document.createElement("div");
  found.className = "found";
  list.append(found);
  let timer = 0;
  let asked: AbortController | null = null;
  return (text, done) => {
    clearTimeout(timer);
    if (text.trim() === "") return;
    const find = async (): Promise<void> => {
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(
          `/v1/members/${encodeURIComponent(member)}?search=${encodeURIComponent(text.trim())}&limit=50`,
          { signal: asked.signal, headers: { Accept: "application/json" } },
        );
        if (!answer.ok) return;
        const { values } = (await answer.json()) as { readonly values: readonly Member[] };
        // ticked members move to the list before the found ones are replaced
        for (const box of found.querySelectorAll<HTMLInputElement>("input:checked"))
          found.before(box.closest("label") ?? box);
        const known = new Set([...list.querySelectorAll<HTMLInputElement>(":scope > label input")].map((i) => i.value));
        render(<Found members={values} name={name} known={known} />, found);
        queueMicrotask(done);
        const nothing = list.querySelector<HTMLElement>("[data-nothing]");
        if (nothing && values.length > 0) nothing.hidden = true;
      } catch (error) {
        if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
      }
    };
    timer = window.setTimeout(() => void find(), 150);
  };
};
