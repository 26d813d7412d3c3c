/** A short hash of the whole model, part of every cache key. */
import { createHash } from "node:crypto";

/** Functions count by their source text; declarations that refer to each other count once, then by name. */
export const definitionHash = (spec: unknown): string => {
  const seen = new WeakSet<object>();
  const text = JSON.stringify(spec, (_key, value: unknown) => {
    if (typeof value === "function") return value.toString();
    if (value instanceof Map) return [...value.entries()];
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return Object.hasOwn(value, "name") && "name" in value ? value.name : undefined;
    seen.add(value);
    return value;
  });
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
};
