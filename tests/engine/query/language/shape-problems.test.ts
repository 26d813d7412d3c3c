import { describe, expect, test } from "vitest";
import { TesseraError } from "../../../../engine/errors/index.ts";
import { parseDrillthrough } from "../../../../engine/query/language/parse-drill-request.ts";
import { parseQuery } from "../../../../engine/query/language/parse-query.ts";

const measures = ["sales.revenue"];

const problemOf = (
  parse: (json: unknown) => unknown,
  json: unknown,
): { message: string; place: string | undefined } => {
  try {
    parse(json);
  } catch (error) {
    if (error instanceof TesseraError) return { message: error.message, place: error.place };
    throw error;
  }
  throw new Error("nothing is wrong");
};

describe("the shape of a query is explained in our own words", () => {
  test.each([
    ["a wrong type", { measures, filters: {} }, "filters is a list; got {}", "$.filters"],
    ["not an object", 12, "a query is an object; got 12", "$"],
    ["a missing key", { dimensions: [] }, "measures is missing", "$.measures"],
    [
      "a missing key further down",
      { measures, top: [{ by: "sales.revenue", n: 3 }] },
      "dimension is missing",
      "$.top[0].dimension",
    ],
    ["no measure", { measures: [] }, "at least one measure is required", "$.measures"],
    [
      "too many",
      { measures, dimensions: Array(51).fill("a.b") },
      "dimensions has at most 50 items; got 51",
      "$.dimensions",
    ],
    ["too large a number", { measures, limit: 2_000_000 }, "limit is at most 1000000; got 2000000", "$.limit"],
    ["an unknown key", { measures, limt: 3 }, 'unknown key "limt" (did you mean "limit"?)', "$"],
    [
      "an unknown word",
      { measures, order: [{ member: "a.b", direction: "up" }] },
      'direction is one of asc, desc; got "up"',
      "$.order[0].direction",
    ],
  ])("%s", (_, json, message, place) => {
    expect(problemOf(parseQuery, json)).toEqual({ message, place });
  });

  test("a cell's value", () => {
    expect(problemOf(parseDrillthrough, { measures, cell: { "customer.country": ["DE"] } })).toEqual({
      message: 'customer.country cannot be ["DE"]',
      place: "$.cell.customer.country",
    });
  });
});
