/** Keeps the reader's place: after an action on a page, its next state has the same scroll and the same focus. */

const KEY = "tessera-place";
/** A place older than this belongs to another visit. */
const FRESH_MS = 30_000;

interface Place {
  readonly path: string;
  readonly at: number;
  readonly scroll: number;
  /** what had the focus, and its container where it is gone */
  readonly focus: readonly string[];
}

const quoted = (text: string): string => CSS.escape(text);

/** An element by what stays the same between two states of a page: its id, label, name or text. */
const keyOf = (element: Element): string => {
  if (element.id !== "") return `#${element.id}`;
  const tag = element.tagName.toLowerCase();
  const label = element.getAttribute("aria-label");
  const name = element.getAttribute("name");
  // signs change with the state: an arrow says which way a column is sorted
  const text = (element.textContent ?? "")
    .replace(/[^\p{L}\p{N} ]/gu, "")
    .trim()
    .slice(0, 80);
  return JSON.stringify([tag, label, name, label === null ? text : ""]);
};

const find = (key: string): HTMLElement | null => {
  if (key.startsWith("#")) return document.querySelector<HTMLElement>(`#${quoted(key.slice(1))}`);
  const [tag] = JSON.parse(key) as [string];
  const all = [...document.querySelectorAll<HTMLElement>(`main ${tag}`)];
  return all.find((element) => keyOf(element) === key && element.checkVisibility()) ?? null;
};

/** The element, the menu that it is in, and what comes near it, in the order in which they are tried. */
const focusOf = (element: Element): string[] => {
  const menu = element.closest("details.picker")?.querySelector("summary");
  const near = element.closest(".chips, .actions, .card, section")?.querySelector("summary, button, a[href]");
  return [...(menu && menu !== element ? [menu] : [element]), ...(near ? [near] : [])].map(keyOf);
};

/** Notes the place, for the page that comes next if it has the same path. */
export const notePlace = (path = location.pathname, element = document.activeElement): void => {
  const focus = element && element !== document.body ? focusOf(element) : [];
  const place: Place = { path, at: Date.now(), scroll: window.scrollY, focus };
  sessionStorage.setItem(KEY, JSON.stringify(place));
};

const restore = (): void => {
  const noted = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (noted === null) return;
  const place = JSON.parse(noted) as Place;
  if (place.path !== location.pathname || Date.now() - place.at > FRESH_MS) return;
  if (location.hash === "") window.scrollTo({ top: place.scroll, behavior: "instant" });
  for (const key of place.focus) {
    const element = find(key);
    if (!element) continue;
    element.focus({ preventScroll: true });
    return;
  }
};

export const places = (): void => {
  restore();
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.origin === location.origin && link.pathname === location.pathname) notePlace(link.pathname, link);
  });
  document.addEventListener("submit", (event) => {
    // a form that changes something leads back to the page it is on
    if (!event.defaultPrevented) notePlace(location.pathname, event.submitter ?? document.activeElement);
  });
};
