/** Answers as text are sent compressed, by brotli where the caller takes it, else by gzip. */
import type { MiddlewareHandler } from "hono";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Shorter bodies gain nothing. */
const LEAST_BYTES = 1024;
/** Larger bodies are compressed by gzip, which is several times faster than brotli. */
const MOST_BROTLI_BYTES = 2 * 1024 * 1024;
/** Beyond level 4, HTML gets a few per cent smaller and takes three times as long. */
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 5;

const TEXT = /^(?:text\/(?!event-stream)|application\/(?:json|problem\+json)|image\/svg)/;

/** Bodies that are complete in memory; streams and answers that are compressed already pass as they are. */
export const compressed: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers } = c.res;
  if (!TEXT.test(headers.get("Content-Type") ?? "") || headers.has("Content-Encoding")) return;
  headers.append("Vary", "Accept-Encoding");
  const accepted = c.req.header("accept-encoding") ?? "";
  const canBrotli = /\bbr\b/.test(accepted);
  if (c.req.method === "HEAD" || c.res.body === null || !(canBrotli || /\bgzip\b/.test(accepted))) return;
  const body = Buffer.from(await c.res.clone().arrayBuffer());
  if (body.length < LEAST_BYTES) return;
  const isBrotli = canBrotli && body.length <= MOST_BROTLI_BYTES;
  const bytes = isBrotli
    ? await brotli(body, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
          [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
        },
      })
    : await gzipped(body, { level: GZIP_LEVEL });
  // the tag stays valid for both forms only as a weak one
  const tag = headers.get("ETag");
  if (tag !== null && !tag.startsWith("W/")) headers.set("ETag", `W/${tag}`);
  headers.set("Content-Encoding", isBrotli ? "br" : "gzip");
  headers.delete("Content-Length");
  c.res = new Response(new Uint8Array(bytes), { status: c.res.status, headers });
};
