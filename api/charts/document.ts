/** Where charts are drawn: linkedom's document on the server, the page's own in the browser. */
// the library in one file: its 124 modules take 80 ms more
import { parseHTML } from "linkedom/worker";

let shared: Document | undefined;

/** One document for all charts of the process: nothing is ever attached to it, so charts do not meet. */
export const serverDocument = (): Document =>
  (shared ??= parseHTML("<html><body></body></html>").document as unknown as Document);
