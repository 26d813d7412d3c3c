/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The keyboard help, which `?` opens. */
import { useWords } from "./words.ts";

const Keys = ({ keys }: { readonly keys: readonly string[] }) => (
  <dt>
    {keys.map((key, i) => (
      <>
        {i > 0 ? " " : ""}
        <kbd>{key}</kbd>
      </>
    ))}
  </dt>
);

export const Keyboard = () => {
  const { keyboard } = useWords().frame;
  const rows: readonly (readonly [keys: readonly string[], what: string])[] = [
    [["g", "d"], keyboard.dashboard],
    [["g", "e"], keyboard.explore],
    [["g", "c"], keyboard.customers],
    [["g", "s"], keyboard.segments],
    [["g", "l"], keyboard.loads],
    [["/"], keyboard.search],
    [["↑", "↓", "Enter"], keyboard.move],
    [["Esc"], keyboard.close],
  ];
  return (
    <dialog id="keyboard" aria-labelledby="keyboard-title">
      <h2 id="keyboard-title">{keyboard.title}</h2>
      <dl>
        {rows.map(([keys, what]) => (
          <>
            <Keys keys={keys} />
            <dd>{what}</dd>
          </>
        ))}
        <dt>{keyboard.back}</dt>
        <dd>{keyboard.undo}</dd>
      </dl>
      <p>
        <label class="option">
          <input type="checkbox" id="keys-on" />
          <span>{keyboard.on}</span>
        </label>
      </p>
      <form method="dialog">
        <button class="button small" type="submit">
          {keyboard.done}
        </button>
      </form>
    </dialog>
  );
};
