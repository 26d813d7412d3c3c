import { describe, expectTypeOf, test } from "vitest";
import type { MeasureMember, JoinableDimension } from "../../engine/model/typed.ts";
import type { OpenProject } from "../../etl/project.ts";
import { avg, conversion, defineCube, defineDimension, defineProject, measure, sum } from "../../engine/model/index.ts";
import { project } from "./support/shop.ts";

type Shop = OpenProject<typeof project>;
const ask = (_: () => unknown): void => { /* compiled, never run */ };

describe("a typed project", () => {
  test("knows its measures, and refuses a wrong name at compile time", () => {
    expectTypeOf<"sales.revenue">().toExtend<MeasureMember<typeof project>>();
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["customer.country", "date.month"] }));
    // @ts-expect-error there is no measure sales.revenu
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenu"] }));
    // @ts-expect-error there is no attribute customer.contry
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["customer.contry"] }));
    // @ts-expect-error a filter's member is checked too
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], filters: [{ member: "customer.contry", operator: "is_null" }] }));
  });
  test("joins only what every cube of the query has", () => {
    expectTypeOf<"customer.country">().toExtend<JoinableDimension<typeof project, "sales.revenue" | "service.cases">>();
    expectTypeOf<"product.category">().not.toExtend<JoinableDimension<typeof project, "sales.revenue" | "service.cases">>();
    // @ts-expect-error service has no product
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue", "service.cases"], dimensions: ["product.category"] }));
  });
  test("knows a grain's levels, and that only dates have them", () => {
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["ship_date.fiscal_period", "date.week"] }));
    // @ts-expect-error a customer has no month
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["customer.month"] }));
    // @ts-expect-error a date has no fortnight
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["date.fortnight"] }));
    // @ts-expect-error cases have no ship date
    ask((shop?: Shop) => shop!.query({ measures: ["service.cases"], dimensions: ["ship_date.month"] }));
    // @ts-expect-error what sales has alone cannot stand beside cases and stock
    ask((shop?: Shop) => shop!.query({ measures: ["stock.on_hand", "sales.revenue"], dimensions: ["sales.channel"] }));
  });
  test("knows segments where the cube has their dimension, and hierarchies of parents", () => {
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["segments.big"], filters: [{ member: "segments.big", operator: "equals", values: [true] }] }));
    // @ts-expect-error there is no such segment
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["segments.huge"] }));
    // @ts-expect-error stock has no customers to be in a segment
    ask((shop?: Shop) => shop!.query({ measures: ["stock.on_hand"], dimensions: ["segments.big"] }));
    const employee = defineDimension({ name: "employee", table: "employee", key: "id", attributes: {}, parentChild: { reports_to: { parent: "boss" } } });
    const staff = defineProject({ name: "staff", warehouse: { path: "x" }, dimensions: [employee], cubes: [defineCube({ name: "pay", table: "pay", dimensions: { employee: { to: employee, on: "id" } }, measures: { paid: sum("amount"), each: avg(measure("paid"), { per: "employee" }) } })] });
    expectTypeOf<"employee.reports_to">().toExtend<JoinableDimension<typeof staff, "pay.paid" | "pay.each">>();
  });
  test("checks what tops, totals, pivots and comparisons name", () => {
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["product.name", "date.month"], top: [{ dimension: "product.name", by: "sales.lines", n: 3 }], totals: [["date.month"]], pivot: { columns: ["date.month"] }, compare: { dimension: "date", to: "previous_year" } }));
    // @ts-expect-error a top is of a dimension of the query
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["product.name"], top: [{ dimension: "product.category", by: "sales.revenue", n: 3 }] }));
    // @ts-expect-error a total keeps dimensions of the query
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["product.name"], totals: [["date.month"]] }));
    // @ts-expect-error there is no role dates
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], compare: { dimension: "dates", to: "previous_year" } }));
  });
  test("refuses measures of measures without a grain, and conversions without a span", () => {
    // @ts-expect-error for each what?
    avg(measure("revenue"));
    // @ts-expect-error a column has no grain of its own
    avg("amount", { per: "customer" });
    // @ts-expect-error within what?
    conversion({ from: "cases", to: "sales.lines", over: "customer" });
  });
  test("gives typed rows", () => {
    ask(async (shop?: Shop) => {
      const { rows } = await shop!.query({ measures: ["sales.revenue"], dimensions: ["date.month"] });
      expectTypeOf(rows[0]!["sales.revenue"]).toEqualTypeOf<number | null>();
      expectTypeOf(rows[0]!["date.month"]).toEqualTypeOf<string | null>();
      const { rows: others } = await shop!.query({ measures: ["sales.lines"], dimensions: ["date.is_holiday", "date.day_of_week", "segments.big"] });
      expectTypeOf(others[0]!["date.is_holiday"]).toEqualTypeOf<boolean | null>();
      expectTypeOf(others[0]!["date.day_of_week"]).toEqualTypeOf<number | null>();
      expectTypeOf(others[0]!["segments.big"]).toEqualTypeOf<boolean | null>();
      // @ts-expect-error the row has what was asked for
      rows[0]!["sales.cost"];
    });
  });
});
