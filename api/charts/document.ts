/** Where charts are drawn: linkedom's document on the server, the page's own in the browser. */
import { parseHTML } from "linkedom";

let shared: Document | undefined;

/** One document for all charts of the process: nothing is ever attached to it, so charts do not meet. */
export const serverDocument = (): Document =>
  (shared ??= parseHTML("<html><body></body></html>").document as unknown as Document);
