/** The door: what `import … from "tessera"` gives. */
export * from "./engine/index.ts";
