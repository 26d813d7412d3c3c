/** A resolve hook: `"tessera"` is the running package, from whichever folder it is imported. */
let door;
export function initialize(data) {
  door = data.door;
}
export function resolve(specifier, context, next) {
  return specifier === "tessera" ? { url: door, shortCircuit: true, format: "module" } : next(specifier, context);
}
