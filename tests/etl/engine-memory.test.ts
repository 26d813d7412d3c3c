import { expect, it } from "vitest";
import { engineMemory } from "../../etl/engine-memory.ts";

it("the engine of a load is told less than the load may take, and never so little that it gives up", () => {
  expect(["2GB", "512MB", "256MB", "128MB", "64MB", "1GiB", "half"].map(engineMemory)).toEqual(["1872MB", "384MB", "128MB", "120MB", "64MB", "946MB", "half"]);
});
