/** Keys: `?` opens help, `g` and a letter opens a page, `/` searches, Escape closes menus. */
const PLACES: { readonly [key: string]: string } = {
  d: "/",
  e: "/explore",
  c: "/customers",
  s: "/segments",
  l: "/data",
  m: "/model",
};

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

export const keyboard = (): void => {
  let goes = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const open of document.querySelectorAll<HTMLDetailsElement>("details.picker[open]")) {
        open.open = false;
        open.querySelector("summary")?.focus();
      }
      return;
    }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?") {
      document.querySelector<HTMLDialogElement>("#keyboard")?.showModal();
    } else if (event.key === "/") {
      event.preventDefault();
      const search = document.querySelector<HTMLInputElement>("main input[data-search]");
      if (search) search.focus();
      else document.querySelector<HTMLElement>("main details.picker > summary")?.click();
    } else if (event.key === "g") {
      goes = event.timeStamp;
    } else if (event.timeStamp - goes < 1200 && PLACES[event.key] !== undefined) {
      const link = document.querySelector<HTMLAnchorElement>(`.nav a[href="${PLACES[event.key]}"]`);
      if (link) location.assign(link.href);
    }
  });
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll<HTMLDetailsElement>("details.picker[open]"))
      if (!open.contains(event.target as Node)) open.open = false;
    const dialog = document.querySelector<HTMLDialogElement>("#keyboard");
    if (dialog?.open && event.target === dialog) dialog.close();
  });
};
