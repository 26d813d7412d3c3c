/** What the forms of the explorer ask for, and how its grid leaves out what a reader has just read. */
import { describe, expect, test } from "vitest";
import { transition } from "../../../api/pages/explore/transitions.ts";
import type { CatalogView } from "../../../engine/index.ts";
import { parseState } from "../../../api/pages/explore/state.ts";

const noMembers: CatalogView = { project: "test", roles: [], cubes: [] } as never;
const at = (query: string) => transition(new URLSearchParams(query), noMembers);

describe("a form of the explorer", () => {
  test("that asks for nothing is a state already", () => {
    expect(at("measures=sales.revenue&by=customer.country")).toBeNull();
  });
  test("adds a measure, and takes one away that is there", () => {
    expect(at("measures=sales.revenue&add-measure=sales.lines")?.measures).toEqual(["sales.revenue", "sales.lines"]);
    expect(at("measures=sales.revenue&measures=sales.lines&add-measure=sales.revenue")?.measures).toEqual([
      "sales.lines",
    ]);
  });
  test("adds a dimension down the side, and takes it from across", () => {
    expect(at("measures=sales.revenue&by=date.year&add-by=customer.country")).toMatchObject({
      by: ["date.year", "customer.country"],
      across: null,
    });
    expect(at("measures=sales.revenue&across=customer.country&add-by=customer.country")).toMatchObject({
      by: ["customer.country"],
      across: null,
    });
    expect(at("measures=sales.revenue&across=date.year&add-by=customer.country")?.across).toBe("date.year");
    expect(at("measures=sales.revenue&by=customer.country&add-by=customer.country")?.by).toEqual([]);
  });
  test("adds a dimension across, and takes it from the side: no dimension is there twice", () => {
    expect(at("measures=sales.revenue&by=customer.country&by=date.year&add-across=customer.country")).toMatchObject({
      by: ["date.year"],
      across: "customer.country",
    });
    expect(at("measures=sales.revenue&by=date.year&across=customer.country&add-across=customer.country")).toMatchObject(
      {
        by: ["date.year"],
        across: null,
      },
    );
  });
  test("adds a calculation under a name that formulas can use, and replaces one of the same name", () => {
    const [calculation] =
      at("measures=sales.revenue&calculation-name=Per line!&calculation-formula= a / b ")?.calculations ?? [];
    expect(calculation).toEqual({ name: "Per_line_", formula: "a / b" });
    expect(at("measures=sales.revenue&calculation-name=3rd&calculation-formula=a")?.calculations[0]?.name).toBe("_3rd");
    expect(at("measures=sales.revenue&calculation-formula=a")?.calculations[0]?.name).toBe("calculation_1");
    expect(at("measures=sales.revenue&calculation-name=x&calculation-formula=")?.calculations).toEqual([]);
  });
  test("sets the one condition of a member, from what is ticked and what is typed", () => {
    const asked = at(
      "measures=sales.revenue&condition-member=customer.country&condition-operator=not_equals&condition-value=DE&condition-value=(unknown)&condition-text=FR;%20IT%20;DE",
    );
    expect(asked?.where).toEqual([
      { member: "customer.country", operator: "not_equals", values: ["DE", null, "FR", "IT"] },
    ]);
    for (const operator of ["is_null", "not_null"])
      expect(at(`measures=a&condition-member=b.c&condition-operator=${operator}&condition-value=x`)?.where).toEqual([
        { member: "b.c", operator, values: [] },
      ]);
    expect(at("measures=a&condition-member=b.c&condition-operator=sideways&condition-text=x")?.where[0]?.operator).toBe(
      "equals",
    );
  });
  test("takes a condition away when nothing is chosen, and leaves those of other members", () => {
    const state = parseState(new URLSearchParams());
    expect(state.where).toEqual([]);
    expect(at("measures=a&condition-member=b.c")?.where).toEqual([]);
  });
});
