/** Boxes that scroll can be reached by keyboard and have a name; boxes that do not are no stop on the way. */

const nameOf = (box: Element): string => {
  const heading = box.closest(".card, section, figure")?.querySelector("h2, h3, summary");
  return (box.querySelector("caption")?.textContent ?? heading?.textContent ?? document.title).trim();
};

const update = (box: HTMLElement): void => {
  const scrolls = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
  if (!scrolls) {
    for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
  } else if (box.tabIndex !== 0) {
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", nameOf(box));
  }
};

export const scrollers = (): void => {
  const watched = document.querySelectorAll<HTMLElement>(
    ".table-wrap, pre.code, .timeline-scroll, .forest, .wide-picture",
  );
  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) update(target as HTMLElement);
  });
  for (const box of watched) sizes.observe(box);
};
