/** The script of every page. Pages work without it. */
import { keyboard } from "./keyboard.ts";
import { confirmations } from "./confirm.ts";
import { pickers } from "./pickers.ts";
import { progress } from "./progress.ts";

keyboard();
pickers();
confirmations();
progress();

// Plot is large, and only some pages have charts
if (document.querySelector("[data-chart]")) void import("./charts.ts").then(({ charts }) => charts());
