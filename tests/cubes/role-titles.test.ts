import { expect, it } from "vitest";
import { count, defineCube, defineDateDimension, defineProject } from "../../engine/index.ts";
import { resolveModel } from "../../engine/model/resolve-model.ts";

const date = defineDateDimension({ name: "date", title: "Date" });
const cube = (name: string, title?: string) =>
  defineCube({
    name,
    table: name,
    grain: ["id"],
    dimensions: { date: { to: date, on: "day", ...(title && { title }) } },
    measures: { rows: count() },
  });
const titleOf = (...cubes: ReturnType<typeof cube>[]): string | undefined =>
  resolveModel(defineProject({ name: "p", warehouse: { path: "." }, dimensions: [date], cubes })).catalog.roles.get(
    "date",
  )?.title;

it("uses a cube's words for a shared role only where no other cube has its own", () => {
  expect(titleOf(cube("a", "Order date"), cube("b", "Opened on"))).toBe("Date");
  expect(titleOf(cube("a", "Order date"), cube("b", "Order date"), cube("c"))).toBe("Order date");
  expect(titleOf(cube("a"))).toBe("Date");
});
