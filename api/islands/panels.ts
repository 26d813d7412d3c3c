/** Menus stay inside the window: a panel that would leave it is moved by as much as it sticks out. */

/** Pixels between a panel and the window's edge. */
const MARGIN = 10;

const fit = (panel: HTMLElement): void => {
  panel.style.translate = "";
  if (getComputedStyle(panel).position === "fixed") return;
  const { left, right } = panel.getBoundingClientRect();
  const { clientWidth } = document.documentElement;
  const over = right - (clientWidth - MARGIN);
  const under = MARGIN - left;
  // the left edge wins: text begins there
  if (under > 0) panel.style.translate = `${under}px`;
  else if (over > 0) panel.style.translate = `${-Math.min(over, left - MARGIN)}px`;
};

export const panels = (): void => {
  const fitOpen = (): void => {
    for (const panel of document.querySelectorAll<HTMLElement>("details.picker[open] > .panel")) fit(panel);
  };
  // `toggle` does not bubble
  document.addEventListener("toggle", fitOpen, true);
  window.addEventListener("resize", fitOpen);
};
