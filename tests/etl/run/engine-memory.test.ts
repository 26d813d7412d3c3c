import { expect, it } from "vitest";
import { engineMemory, isRoomy } from "../../../etl/run/engine-memory.ts";

it("the engine of a load gets less than the load's memory, but always enough", () => {
  expect(["2GB", "512MB", "256MB", "128MB", "64MB", "1GiB", "half"].map(engineMemory)).toEqual([
    "1872MB",
    "384MB",
    "128MB",
    "120MB",
    "64MB",
    "946MB",
    "half",
  ]);
});

it("a load with little memory keeps its raw rows in a file", () => {
  expect(["2GB", "512MB", "256MB", "half"].map(isRoomy)).toEqual([true, true, false, true]);
});
