/** The script of every page. Pages work without it. */
import { confirmations } from "./confirm.ts";
import { keyboard } from "./keyboard.ts";
import { panels } from "./panels.ts";
import { pickers } from "./pickers.ts";
import { places } from "./place.ts";
import { progress } from "./progress.ts";
import { scrollers } from "./scrollers.ts";

keyboard();
pickers();
panels();
scrollers();
confirmations();
places();
progress();

// Plot is large, and only some pages have charts
if (document.querySelector("[data-chart]")) void import("./charts.ts").then(({ charts }) => charts());
