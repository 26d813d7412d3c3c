/** Keys: `?` opens help, `g` and then a letter opens a page, `/` searches, Escape closes menus. */
const PLACES: { readonly [key: string]: string } = {
  d: "/",
  e: "/explore",
  c: "/customers",
  s: "/segments",
  l: "/data",
  m: "/model",
};

/** Where a reader turns the keys off. */
const OFF = "tessera-keys-off";
/** The letter follows `g` within this time. */
const PAUSE_MS = 1200;

/** A box that is ticked takes no letters. */
const isBox = (target: HTMLElement): boolean =>
  target instanceof HTMLInputElement && ["checkbox", "radio"].includes(target.type);

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  !isBox(target) &&
  (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

const isOff = (): boolean => localStorage.getItem(OFF) !== null;

const closeMenus = (): void => {
  for (const open of document.querySelectorAll<HTMLDetailsElement>("details.picker[open]")) {
    open.open = false;
    open.querySelector("summary")?.focus();
  }
};

const search = (): void => {
  const field = document.querySelector<HTMLInputElement>("main input[data-search]");
  if (field) field.focus();
  else document.querySelector<HTMLElement>("main details.picker > summary")?.click();
};

const offerSwitch = (): void => {
  const box = document.querySelector<HTMLInputElement>("#keys-on");
  if (!box) return;
  box.checked = !isOff();
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
};

export const keyboard = (): void => {
  let goAt: number | null = null;
  offerSwitch();
  document.querySelector("[data-help]")?.addEventListener("click", () => {
    document.querySelector<HTMLDialogElement>("#keyboard")?.showModal();
  });
  document.addEventListener("keydown", (event) => {
    // only the key right after `g` is a place
    const going = goAt !== null && event.timeStamp - goAt < PAUSE_MS;
    goAt = null;
    if (event.key === "Escape") return closeMenus();
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || isOff()) return;
    if (document.querySelector("dialog[open]")) return;
    const place = going ? PLACES[event.key] : undefined;
    if (place !== undefined) {
      const link = document.querySelector<HTMLAnchorElement>(`.nav a[href="${place}"]`);
      if (link) location.assign(link.href);
    } else if (event.key === "?") {
      document.querySelector<HTMLDialogElement>("#keyboard")?.showModal();
    } else if (event.key === "/") {
      event.preventDefault();
      search();
    } else if (event.key === "g") goAt = event.timeStamp;
  });
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll<HTMLDetailsElement>("details.picker[open]"))
      if (!open.contains(event.target as Node)) open.open = false;
    const dialog = document.querySelector<HTMLDialogElement>("#keyboard");
    if (dialog?.open && event.target === dialog) dialog.close();
  });
};
