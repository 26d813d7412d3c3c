/** Menus: typing filters the list and asks the server for members beyond it, arrows move, Enter chooses. */
import { memberOptions } from "./member-options.tsx";

const visible = (root: Element): HTMLElement[] => [
  ...root.querySelectorAll<HTMLElement>("[data-option]:not([hidden]):not([disabled]):not([aria-disabled])"),
];

const words = (text: string): string => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

const filter = (list: Element, text: string): void => {
  const wanted = words(text.trim())
    .split(/\s+/)
    .filter((w) => w !== "");
  let found = 0;
  for (const group of list.querySelectorAll<HTMLElement>("[data-group]")) {
    const title = words(group.querySelector("h4")?.textContent ?? "");
    let shown = 0;
    for (const option of group.querySelectorAll<HTMLElement>("[data-option]")) {
      const has = `${title} ${words(option.textContent ?? "")}`;
      option.hidden = !wanted.every((w) => has.includes(w));
      if (!option.hidden) shown++;
    }
    group.hidden = shown === 0;
    found += shown;
  }
  for (const option of list.querySelectorAll<HTMLElement>(":scope > [data-option]")) {
    const has = words(option.textContent ?? "");
    // what is ticked stays in sight
    option.hidden =
      !wanted.every((w) => has.includes(w)) && !(option.querySelector<HTMLInputElement>("input")?.checked ?? false);
    if (!option.hidden) found++;
  }
  const nothing = list.querySelector<HTMLElement>("[data-nothing]");
  if (nothing) nothing.hidden = found > 0;
};

const move = (list: Element, step: number): void => {
  const options = visible(list);
  if (options.length === 0) return;
  const at = options.findIndex((o) => o.classList.contains("active"));
  options[at]?.classList.remove("active");
  const next = options[(at + step + options.length) % options.length] ?? options[0];
  if (!next) return;
  next.classList.add("active");
  next.scrollIntoView({ block: "nearest" });
};

const choose = (list: Element): boolean => {
  const options = visible(list);
  const active = options.find((o) => o.classList.contains("active")) ?? (options.length === 1 ? options[0] : undefined);
  if (!active) return false;
  active.click();
  return true;
};

const enhance = (input: HTMLInputElement): void => {
  const list = input.parentElement?.querySelector("[data-options]");
  if (!list) return;
  input.hidden = false;
  const ask = input.dataset["members"]
    ? memberOptions(list as HTMLElement, input.dataset["members"], input.dataset["name"] ?? input.dataset["members"])
    : null;
  input.addEventListener("input", () => {
    for (const active of list.querySelectorAll(".active")) active.classList.remove("active");
    filter(list, input.value);
    ask?.(input.value, () => filter(list, input.value));
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(list, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      const active = list.querySelector(".active");
      if (active || list.querySelector("[data-group]")) {
        event.preventDefault();
        choose(list);
      }
    }
  });
  input.closest("details")?.addEventListener("toggle", (event) => {
    if ((event.target as HTMLDetailsElement).open) input.focus();
  });
};

export const pickers = (): void => {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-filter]")) enhance(input);
};
