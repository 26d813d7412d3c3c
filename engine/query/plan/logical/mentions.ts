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
  const visitText = (name: string, text: string, node: object): void => {
    if (name === "member" && text.startsWith(MEMBER)) segments.add(text.slice(MEMBER.length));
    else if (name === "cube") cubes.add(text);
    else if (name === "segment" && "t" in node) segments.add(text);
  };
  const visit = (node: object): void => {
    if (Array.isArray(node)) {
      for (const each of node) if (typeof each === "object" && each !== null) visit(each);
      return;
    }
    for (const name in node) {
      const of = (node as Readonly<Record<string, unknown>>)[name];
      if (typeof of === "string") visitText(name, of, node);
      else if (typeof of === "object" && of !== null && name !== "take") visit(of);
    }
  };
  if (typeof part === "object" && part !== null) visit(part);
  return { segments, cubes };
}

const MEMBER = "segments.";
