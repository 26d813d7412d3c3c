/** Rules that every answer follows: security headers, loopback names only, no changes from other sites. */
import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { TesseraError } from "../../engine/errors/index.ts";

const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

const hostOf = (c: Parameters<MiddlewareHandler>[0]): string => c.req.header("host") ?? new URL(c.req.url).host;

/** True for host names that can only be this machine. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.test(host);

/** Answers to loopback names only. A foreign name that resolves to loopback is DNS rebinding. */
export const loopbackHost: MiddlewareHandler = async (c, next) => {
  if (!isLoopbackHost(hostOf(c)))
    throw new TesseraError("forbidden", "no users are configured, so this server answers to loopback names only", {
      place: "Host header",
      remedy: "open http://localhost or http://127.0.0.1 with the server's port",
    });
  await next();
};

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Refuses changes that a page of another site asks for (CSRF). */
export const sameOrigin: MiddlewareHandler = async (c, next) => {
  if (!SAFE_METHODS.has(c.req.method)) {
    const site = c.req.header("sec-fetch-site");
    const origin = c.req.header("origin");
    const host = hostOf(c);
    const foreignSite = site !== undefined && site !== "same-origin" && site !== "none";
    const foreignOrigin = origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
    if (foreignSite || foreignOrigin)
      throw new TesseraError("forbidden", "changes are accepted from this server's own pages only", {
        place: "Origin header",
        remedy: "send the request without an Origin, or from this server's own pages",
      });
  }
  await next();
};

/**
 * Headers of every answer.
 * @param styleHashes `'sha256-…'` of the style sheet that charts add to the page in the browser
 */
export const securityHeaders = (styleHashes: readonly string[]): MiddlewareHandler => {
  const setHeaders = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", ...styleHashes],
      imgSrc: ["'self'", "data:"],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: "same-origin",
    xFrameOptions: "DENY",
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [] },
    // the server speaks HTTP on loopback
    strictTransportSecurity: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  return async (c, next) => {
    await setHeaders(c, next);
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "no-cache");
  };
};
