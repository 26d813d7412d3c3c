/** Encodings of text files, by the labels of the WHATWG Encoding Standard. */

/** The name that the standard gives the encoding; null for an unknown label. */
export function encodingNamed(label: string): string | null {
  // people write latin-1, which the standard has as latin1
  const known = /^latin-?(\d+)$/i.exec(label.trim());
  try {
    return new TextDecoder(known ? `latin${known[1]}` : label).encoding;
  } catch {
    return null;
  }
}
