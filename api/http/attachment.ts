/** The header that makes a browser save an answer. */

/** `Content-Disposition` for a file name in any script. @param plain the ASCII name for clients that know no other */
export const attachment = (name: string, plain = name.replace(/[^\x20-\x7e]/g, "_")): string =>
  `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
