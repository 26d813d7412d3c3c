declare module "pg-copy-streams" {
  import type { Readable } from "node:stream";
  import type { Submittable } from "pg";
  /** A query whose answer is the raw stream of a COPY … TO STDOUT. */
  export function to(sql: string): Readable & Submittable;
}
