/** What is wrong with the layout of a page that is open in the browser: each finding is a line of text. */
import type { Page } from "playwright-core";

/**
 * Every link, button and field is hit at its centre; nothing is wider than the window or lies on other text; every
 * table says what it leaves out.
 */
export const layoutFaults = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const width = document.documentElement.clientWidth;
    const named = (element: Element): string => {
      const text = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().replace(/\s+/g, " ");
      const classes = element.getAttribute("class");
      return `${element.tagName.toLowerCase()}${classes ? `.${classes.split(" ").join(".")}` : ""} "${text.slice(0, 40)}"`;
    };
    const shown = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
    const boxes = (element: Element): DOMRect[] =>
      [...element.getClientRects()].filter(({ width, height }) => width > 0.5 && height > 0.5);
    const scrolls = (element: Element, axis: "X" | "Y"): boolean =>
      ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(element)[`overflow${axis}`]);
    const scrollers = (element: Element): Element[] => {
      const found: Element[] = [];
      for (let above: Element | null = element; above && above !== document.body; above = above.parentElement)
        if (scrolls(above, "X") || scrolls(above, "Y")) found.push(above);
      return found;
    };

    if (document.documentElement.scrollWidth > width)
      found.push(`wider than the window: ${document.documentElement.scrollWidth} > ${width}`);

    // hit tests: what a mouse meets at the centre of the element
    for (const element of document.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary")) {
      if (!shown(element) || element.closest(".skip, .visually-hidden, dialog:not([open])")) continue;
      if ((element instanceof HTMLInputElement && element.type === "hidden") || boxes(element).length === 0) continue;
      element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const box = boxes(element)[0];
      if (!box) continue;
      const x = box.left + box.width / 2;
      const y = box.top + box.height / 2;
      const hit = document.elementFromPoint(x, y);
      const own = hit !== null && (element.contains(hit) || hit.closest("label")?.contains(element));
      // a link in a picture is drawn by its marks, which need not lie at the centre of its box
      const drawn = element.closest("svg") !== null;
      if (!own && !drawn) found.push(`cannot be clicked: ${named(element)} is under ${hit ? named(hit) : "nothing"}`);
      if (box.left < -1 || box.right > width + 1)
        found.push(`outside the window: ${named(element)} ${Math.round(box.left)}..${Math.round(box.right)}`);
    }
    window.scrollTo(0, 0);

    // text on text
    interface Piece {
      readonly element: Element;
      readonly box: DOMRect;
    }
    const pieces: Piece[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const floating = (element: Element): boolean => {
      for (let above: Element | null = element; above; above = above.parentElement)
        if (["sticky", "fixed", "absolute"].includes(getComputedStyle(above).position)) return true;
      return false;
    };
    while (walker.nextNode()) {
      const text = walker.currentNode;
      const element = text.parentElement;
      if (!element || (text.textContent ?? "").trim() === "" || !shown(element)) continue;
      if (element.closest("svg, script, style, .visually-hidden, .skip, option") || floating(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const within = scrollers(element).map((each) => each.getBoundingClientRect());
      for (const box of range.getClientRects()) {
        let { left, right, top, bottom } = box;
        for (const outer of within) {
          left = Math.max(left, outer.left);
          right = Math.min(right, outer.right);
          top = Math.max(top, outer.top);
          bottom = Math.min(bottom, outer.bottom);
        }
        if (right - left > 2 && bottom - top > 2)
          pieces.push({ element, box: new DOMRect(left, top, right - left, bottom - top) });
      }
      // text that its box cuts off without a sign
      const style = getComputedStyle(element);
      if (
        style.overflowX === "hidden" &&
        style.textOverflow !== "ellipsis" &&
        element.scrollWidth > element.clientWidth + 1
      )
        found.push(`cut off: ${named(element)}`);
    }
    pieces.sort((a, b) => a.box.top - b.box.top);
    let overlaps = 0;
    for (const [i, { element, box }] of pieces.entries())
      for (let k = i + 1; k < pieces.length && pieces[k]!.box.top < box.bottom - 3; k++) {
        const other = pieces[k]!;
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 3 && down > 4 && other.element !== element && overlaps++ < 5)
          found.push(`text on text: ${named(element)} and ${named(other.element)}`);
      }

    // pictures next to text: a sparkline may not lie on its number
    for (const picture of document.querySelectorAll("svg[role=img]")) {
      if (!shown(picture) || floating(picture)) continue;
      const box = picture.getBoundingClientRect();
      const under = pieces.find(
        (piece) =>
          !picture.contains(piece.element) &&
          Math.min(box.right, piece.box.right) - Math.max(box.left, piece.box.left) > 3 &&
          Math.min(box.bottom, piece.box.bottom) - Math.max(box.top, piece.box.top) > 3,
      );
      if (under) found.push(`picture on text: ${named(picture)} and ${named(under.element)}`);
    }

    // rows and columns that are left out are stated
    for (const table of document.querySelectorAll<HTMLElement>("table")) {
      const label = named(table.closest(".card") ?? table).slice(0, 60);
      const whole = Number(table.dataset["rows"]);
      if (table.dataset["rows"] === undefined) continue;
      const rows = table.querySelectorAll("tbody > tr:not([data-extra])").length;
      const card = table.closest(".table-wrap")?.parentElement;
      if (rows < whole && !card?.querySelector("[data-left-out]"))
        found.push(`leaves out rows without a word: ${rows} of ${whole} in ${label}`);
      if (rows > whole) found.push(`has more rows than it says: ${rows} of ${whole} in ${label}`);
    }
    return [...new Set(found)];
  });

/** Opens each menu of the page in turn: its panel stays inside the window, and its options can be clicked. */
export const panelFaults = async (page: Page): Promise<string[]> => {
  const found: string[] = [];
  const menus = page.locator("main details.picker:visible");
  for (let i = 0; i < (await menus.count()); i++) {
    const menu = menus.nth(i);
    await menu.locator("> summary").click();
    found.push(
      ...(await menu.evaluate(async (details) => {
        const faults: string[] = [];
        const name = details.querySelector("summary")?.textContent?.trim().slice(0, 40) ?? "";
        const panel = details.querySelector(".panel");
        if (!panel) return [`menu "${name}" has no panel`];
        const { clientWidth } = document.documentElement;
        let box = panel.getBoundingClientRect();
        // the script moves a panel into the window when it hears that it was opened
        for (let frame = 0; frame < 30 && (box.left < 0 || box.right > clientWidth); frame++) {
          await new Promise((next) => requestAnimationFrame(next));
          box = panel.getBoundingClientRect();
        }
        if (box.left < 0 || box.right > clientWidth)
          faults.push(`menu "${name}" opens outside the window: ${Math.round(box.left)}..${Math.round(box.right)}`);
        const bottom = box.bottom + window.scrollY;
        if (bottom > Math.max(document.documentElement.scrollHeight, window.innerHeight) + 1)
          faults.push(`menu "${name}" ends below the page`);
        for (const option of panel.querySelectorAll<HTMLElement>("a, button, input, label")) {
          if (!option.checkVisibility({ visibilityProperty: true }) || (option as HTMLButtonElement).disabled) continue;
          option.scrollIntoView({ block: "center" });
          const own = option.getBoundingClientRect();
          const hit = document.elementFromPoint(own.left + own.width / 2, own.top + own.height / 2);
          if (!hit || !(option.contains(hit) || hit.contains(option)))
            faults.push(`menu "${name}": "${option.textContent?.trim().slice(0, 30)}" cannot be clicked`);
        }
        return faults.slice(0, 4);
      })),
    );
    await page.keyboard.press("Escape");
  }
  return found;
};

/** On paper: nothing is wider than the page or scrolls, and the period, the filters and the data's age are there. */
export const printFaults = async (page: Page): Promise<string[]> => {
  await page.emulateMedia({ media: "print" });
  // A4 within its margins at 96 dots an inch; pages with broad tables are turned
  const isBroad = await page.evaluate(() => document.querySelector(".main table:is(.many, .very-many)") !== null);
  const before = page.viewportSize();
  await page.setViewportSize({ width: isBroad ? 1031 : 703, height: 900 });
  const found = await page.evaluate(() => {
    const faults: string[] = [];
    const width = document.documentElement.clientWidth;
    const label = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} "${(element.textContent ?? "").trim().slice(0, 30)}"`;
    for (const element of document.querySelectorAll("main *")) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest("svg")) continue;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (box.width > 0 && box.right > width + 2 && !["absolute", "fixed"].includes(style.position))
        faults.push(`wider than the paper: ${label(element)} ${Math.round(box.right)} > ${width}`);
      const cuts = (overflow: string): boolean => ["auto", "scroll", "hidden", "clip"].includes(overflow);
      if (element.matches(".visually-hidden")) continue;
      if (cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
        faults.push(`loses columns on paper: ${label(element)}`);
      if (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1)
        faults.push(`loses rows on paper: ${label(element)}`);
    }
    for (const line of document.querySelectorAll(".kpi .sparkline")) {
      const value = line.parentElement?.querySelector(".value");
      if (!value || !line.checkVisibility()) continue;
      const range = document.createRange();
      range.selectNodeContents(value);
      if (range.getBoundingClientRect().right > line.getBoundingClientRect().left + 2)
        faults.push(`a number under its own line: ${label(value)}`);
    }
    // a notebook says at its end what it is made from
    const stated = document.querySelector(document.querySelector(".frame") ? ".stated" : "footer");
    // an error has neither
    if (document.querySelector(".failure")) return [];
    if (!stated?.checkVisibility() || !/\d/.test(stated.textContent ?? ""))
      faults.push("does not state period, filters and age of the data on paper");
    return [...new Set(faults)].slice(0, 12);
  });
  await page.emulateMedia({ media: "screen" });
  if (before) await page.setViewportSize(before);
  return found;
};

/** Tab stops that are walked through; a page may have hundreds. */
const MOST_STOPS = 40;

/** By keyboard alone: each stop is seen, has a visible focus and is in the window, and the way does not go in circles. */
export const focusFaults = async (page: Page): Promise<string[]> => {
  await page.evaluate(() => {
    window.scrollTo(0, 0);
    (document.activeElement as HTMLElement | null)?.blur();
  });
  const found: string[] = [];
  const seen = new Set<string>();
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const box = element.getBoundingClientRect();
      const { outlineStyle, boxShadow } = getComputedStyle(element);
      const all = [...document.querySelectorAll("*")];
      return {
        place: String(all.indexOf(element)),
        name: `${element.tagName.toLowerCase()} "${(element.textContent ?? "").trim().slice(0, 30)}"`,
        visible: box.width > 0 && box.bottom > 0 && box.top < window.innerHeight,
        marked: outlineStyle !== "none" || boxShadow !== "none",
      };
    });
    if (at === null) break;
    // a date has a stop for each of its parts
    if (at.name.startsWith("input")) continue;
    if (seen.has(at.place)) found.push(`the way by keyboard goes in a circle at ${at.name}`);
    seen.add(at.place);
    if (!at.visible) found.push(`the focus leaves the window at ${at.name}`);
    if (!at.marked) found.push(`the focus cannot be seen at ${at.name}`);
    if (found.length > 3) break;
  }
  return found;
};
