/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Line icons, 16 by 16 pixels. */
const PATHS = {
  dashboard: "M2.5 13.5v-5m3.7 5V6m3.6 7.5v-6m3.7 6v-11",
  explore: "M2.5 2.5h11v11h-11zM2.5 6.2h11M6.2 2.5v11",
  customers: "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zM2.8 13.6c.5-2.5 2.5-4 5.2-4s4.700 1.500 5.200 4",
  segments: "M8 2.300v5.700h5.700A5.700 5.700 0 1 1 8 2.300zM10.400 2.600a5.700 5.700 0 0 1 3 3h-3z",
  campaigns: "M2.500 6.500v3h2.300l5.700 3.200V3.300L4.800 6.500zM13 6v4M5.500 10v3",
  channels: "M2.500 13.500c2-8 4.500-9.500 11-10M2.500 2.500v11h11",
  data:
    "M8 6.500c3 0 5.300-.900 5.300-2.100S11 2.300 8 2.300s-5.300.900-5.300 2.100S5 6.500 8 6.500zM2." +
    "700 4.400v7.200c0 1.200 2.300 2.100 5.300 2.100s5.300-.900 5.300-2.100V4.400M2.700 8c0 1.200 2.300 " +
    "2.100 5.300 2.100s5.300-.900 5.300-2.100",
  model: "M8 2 13.500 5v6L8 14l-5.500-3V5zM2.500 5 8 8l5.500-3M8 8v6",
  docs: "M4 2.500h5.500L12.500 5.500v8H4zM9.300 2.700v3h3M6 8.500h4.500M6 11h4.500",
  programme: "M2.5 13.5v-5m3.7 5V6m3.6 7.5v-6m3.7 6v-11",
  lists: "M5.500 4h8M5.500 8h8M5.500 12h8M2.500 4h.600M2.500 8h.600M2.500 12h.600",
  caret: "M4 6.200 8 10.200l4-4",
  close: "m4.500 4.500 7 7m0-7-7 7",
  plus: "M8 3.500v9M3.500 8h9",
  search: "M7.200 11.400a4.200 4.200 0 1 0 0-8.400 4.200 4.200 0 0 0 0 8.400zm3-1.100 3.100 3.100",
  calendar: "M2.800 3.800h10.400v9.500H2.800zM2.800 6.700h10.400M5.500 2.300v2.600m5-2.600v2.600",
  filter: "M2.500 3.500h11M4.700 8h6.600M6.700 12.500h2.600",
  download: "M8 2.500v7.500m-3-3 3 3 3-3M3 13.300h10",
  play: "M5 3.200v9.600l7.500-4.800z",
  pause: "M5.500 3.500v9M10.500 3.500v9",
  resume: "M4 3.500v9M7.500 3.500v9l6-4.500z",
  target:
    "M8 13.700A5.700 5.700 0 1 0 8 2.300a5.700 5.700 0 0 0 0 11.400zm0-3.200a2.500 2.500 0 1 0 0-5 2.500 " +
    "2.500 0 0 0 0 5z",
} as const;

/** The names of the icons. */
export type IconName = keyof typeof PATHS;

export const Icon = ({ name, class: className }: { readonly name: IconName; readonly class?: string }) => (
  <svg
    class={className ?? "icon"}
    viewBox="0 0 16 16"
    width="16"
    height="16"
    fill="none"
    stroke="currentColor"
    stroke-width="1.4"
    stroke-linejoin="round"
    stroke-linecap="round"
    aria-hidden="true"
  >
    <path d={PATHS[name]} />
  </svg>
);
