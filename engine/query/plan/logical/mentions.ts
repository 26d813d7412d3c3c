/** What a plan mentions by name, at any depth. */

/** The segments and cubes of a part of a plan. */
export interface Mentions {
  readonly segments: ReadonlySet<string>;
  readonly cubes: ReadonlySet<string>;
}

/** Every segment and cube that a part of a plan names. What measures are declared as is resolved next to it. */
export function mentionsIn(part: unknown): Mentions {
  const segments = new Set<string>();
  const cubes = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const each of value) visit(each);
      return;
    }
    for (const [name, of] of Object.entries(value)) {
      if (name === "member" && typeof of === "string" && of.startsWith(MEMBER)) segments.add(of.slice(MEMBER.length));
      else if (name === "cube" && typeof of === "string") cubes.add(of);
      else if (name === "segment" && typeof of === "string" && "t" in value) segments.add(of);
      else if (name !== "take") visit(of);
    }
  };
  visit(part);
  return { segments, cubes };
}

const MEMBER = "segments.";
