/** The rules every answer obeys: headers, the Host check on loopback, and no writing from other sites. */
import type { MiddlewareHandler } from "hono";
import { TesseraError } from "../../engine/errors/index.ts";

const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** True for host names that can only be this machine. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.test(host);

/** Without users only this machine may ask, and only by its own name: a foreign name that resolves to loopback is an attack. */
export const loopbackHost: MiddlewareHandler = async (c, next) => {
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  if (!isLoopbackHost(host)) {
    throw new TesseraError("forbidden", "this server has no users configured and answers only to loopback names", {
      place: "Host header",
      remedy: "open it as http://localhost or http://127.0.0.1, with its port",
    });
  }
  await next();
};

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** A page of another site must not make this server do something. */
export const sameOrigin: MiddlewareHandler = async (c, next) => {
  if (!SAFE.has(c.req.method)) {
    const site = c.req.header("sec-fetch-site");
    const origin = c.req.header("origin");
    const host = c.req.header("host") ?? new URL(c.req.url).host;
    const foreign =
      (site !== undefined && site !== "same-origin" && site !== "none") ||
      (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`);
    if (foreign)
      throw new TesseraError(
        "forbidden",
        "requests that change something are accepted from this server's own pages only",
        { place: "Origin header", remedy: "send the request without an Origin, or from this server's own pages" },
      );
  }
  await next();
};

/**
 * Headers of every answer.
 * @param styleHashes `'sha256-…'` of the one style sheet that charts put into the page in the browser
 */
export const securityHeaders = (styleHashes: readonly string[]): MiddlewareHandler => {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${styleHashes.join(" ")}`.trim(),
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  return async (c, next) => {
    await next();
    const headers = c.res.headers;
    headers.set("Content-Security-Policy", policy);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
    headers.set("X-Frame-Options", "DENY");
    if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-cache");
  };
};
