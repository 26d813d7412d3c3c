import { describe, expectTypeOf, test } from "vitest";
import type { MeasureMember, JoinableDimension } from "../../../engine/model/typed.ts";
import type { OpenProject } from "../../../etl/project/open-project.ts";
import {
  avg,
  conversion,
  defineCube,
  defineDimension,
  defineProject,
  measure,
  sum,
} from "../../../engine/model/index.ts";
import { project } from "../support/shop.ts";

type Shop = OpenProject<typeof project>;
const ask = (_: () => unknown): void => {
  /* compiled, never run */
};

describe("a typed project", () => {
  test("has typed measures, and refuses a wrong name at compile time", () => {
    expectTypeOf<"sales.revenue">().toExtend<MeasureMember<typeof project>>();
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["customer.country", "date.month"] }));
    expectTypeOf<"service.#rows">().toExtend<MeasureMember<typeof project>>();
    // @ts-expect-error there is no measure sales.revenu
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenu"] }));
    // @ts-expect-error there is no attribute customer.contry
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["customer.contry"] }));
    ask((shop?: Shop) =>
      // @ts-expect-error a filter's member is checked too
      shop!.query({ measures: ["sales.revenue"], filters: [{ member: "customer.contry", operator: "is_null" }] }),
    );
  });
  test("joins only what every cube of the query has", () => {
    expectTypeOf<"customer.country">().toExtend<JoinableDimension<typeof project, "sales.revenue" | "service.cases">>();
    expectTypeOf<"product.category">().not.toExtend<
      JoinableDimension<typeof project, "sales.revenue" | "service.cases">
    >();
    ask((shop?: Shop) =>
      // @ts-expect-error service has no product
      shop!.query({ measures: ["sales.revenue", "service.cases"], dimensions: ["product.category"] }),
    );
  });
  test("has typed levels, of dates only", () => {
    ask((shop?: Shop) =>
      shop!.query({ measures: ["sales.revenue"], dimensions: ["ship_date.fiscal_period", "date.week"] }),
    );
    // @ts-expect-error a customer has no month
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["customer.month"] }));
    // @ts-expect-error a date has no fortnight
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["date.fortnight"] }));
    // @ts-expect-error cases have no ship date
    ask((shop?: Shop) => shop!.query({ measures: ["service.cases"], dimensions: ["ship_date.month"] }));
    // @ts-expect-error what sales has alone cannot stand beside cases and stock
    ask((shop?: Shop) => shop!.query({ measures: ["stock.on_hand", "sales.revenue"], dimensions: ["sales.channel"] }));
  });
  test("has typed segments where the cube has their dimension, and typed parent-child hierarchies", () => {
    ask((shop?: Shop) =>
      shop!.query({
        measures: ["sales.revenue"],
        dimensions: ["segments.big"],
        filters: [{ member: "segments.big", operator: "equals", values: [true] }],
      }),
    );
    // @ts-expect-error there is no such segment
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], dimensions: ["segments.huge"] }));
    // @ts-expect-error stock has no customers to be in a segment
    ask((shop?: Shop) => shop!.query({ measures: ["stock.on_hand"], dimensions: ["segments.big"] }));
    const employee = defineDimension({
      name: "employee",
      table: "employee",
      key: "id",
      attributes: {},
      parentChild: { reports_to: { parent: "boss" } },
    });
    const staff = defineProject({
      name: "staff",
      warehouse: { path: "x" },
      dimensions: [employee],
      cubes: [
        defineCube({
          name: "pay",
          table: "pay",
          dimensions: { employee: { to: employee, on: "id" } },
          measures: { paid: sum("amount"), each: avg(measure("paid"), { per: "employee" }) },
        }),
      ],
    });
    expectTypeOf<"employee.reports_to">().toExtend<JoinableDimension<typeof staff, "pay.paid" | "pay.each">>();
  });
  test("checks what tops, totals, pivots and comparisons name", () => {
    ask((shop?: Shop) =>
      shop!.query({
        measures: ["sales.revenue"],
        dimensions: ["product.name", "date.month"],
        top: [{ dimension: "product.name", by: "sales.lines", n: 3 }],
        totals: [["date.month"]],
        pivot: { columns: ["date.month"] },
        compare: { dimension: "date", to: "previous_year" },
      }),
    );
    ask((shop?: Shop) =>
      shop!.query({
        measures: ["sales.revenue"],
        dimensions: ["product.name"],
        // @ts-expect-error a top is of a dimension of the query
        top: [{ dimension: "product.category", by: "sales.revenue", n: 3 }],
      }),
    );
    ask((shop?: Shop) =>
      // @ts-expect-error a total keeps dimensions of the query
      shop!.query({ measures: ["sales.revenue"], dimensions: ["product.name"], totals: [["date.month"]] }),
    );
    ask((shop?: Shop) =>
      // @ts-expect-error there is no role dates
      shop!.query({ measures: ["sales.revenue"], compare: { dimension: "dates", to: "previous_year" } }),
    );
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
      const { rows: others } = await shop!.query({
        measures: ["sales.lines"],
        dimensions: ["date.is_holiday", "date.day_of_week", "segments.big"],
      });
      expectTypeOf(others[0]!["date.is_holiday"]).toEqualTypeOf<boolean | null>();
      expectTypeOf(others[0]!["date.day_of_week"]).toEqualTypeOf<number | null>();
      expectTypeOf(others[0]!["segments.big"]).toEqualTypeOf<boolean | null>();
      // @ts-expect-error the row has what was asked for
      rows[0]!["sales.cost"];
    });
  });
  test("types the columns that a comparison adds to each measure", () => {
    ask(async (shop?: Shop) => {
      const { rows } = await shop!.query({
        measures: ["sales.revenue", { name: "each", formula: "sales.revenue / sales.lines" }],
        compare: { dimension: "date", to: "previous_year" },
        order: [{ member: "sales.revenue.change" }, { member: "each.change_rate" }],
        filters: [{ member: "sales.revenue.previous", operator: "gt", values: [1] }],
      });
      expectTypeOf(rows[0]!["sales.revenue.previous"]).toEqualTypeOf<number | null>();
      expectTypeOf(rows[0]!["sales.revenue.change"]).toEqualTypeOf<number | null>();
      expectTypeOf(rows[0]!["each.change_rate"]).toEqualTypeOf<number | null>();
      // @ts-expect-error it was not asked for
      rows[0]!["sales.lines.previous"];
      const { rows: alone } = await shop!.query({ measures: ["sales.revenue"] });
      // @ts-expect-error nothing is compared
      alone[0]!["sales.revenue.previous"];
    });
    // @ts-expect-error nothing is compared that could be ordered by
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], order: [{ member: "sales.revenue.previous" }] }));
  });
  test("types a calculation by its own name, and gives no measure that was not asked for", () => {
    ask(async (shop?: Shop) => {
      const { rows } = await shop!.query({
        measures: [{ name: "x", formula: "sales.revenue * 2" }, "sales.revenue"],
        dimensions: ["product.category"],
        order: [{ member: "x" }],
        filters: [{ member: "x", operator: "gt", values: [1] }],
      });
      expectTypeOf(rows[0]!.x).toEqualTypeOf<number | null>();
      expectTypeOf(rows[0]!["sales.revenue"]).toEqualTypeOf<number | null>();
      // @ts-expect-error it was not asked for
      rows[0]!["sales.lines"];
      const { rows: only } = await shop!.query({ measures: [{ name: "y", formula: "sales.lines + 1" }] });
      expectTypeOf(only[0]!.y).toEqualTypeOf<number | null>();
      // @ts-expect-error no measure was asked for
      only[0]!["sales.lines"];
    });
  });
  test("gives every digit as text where it is asked for", () => {
    ask(async (shop?: Shop) => {
      const { rows } = await shop!.query({
        measures: ["sales.revenue", "sales.margin_rate"],
        dimensions: ["date.day_of_week", "date.month"],
        exact: true,
      });
      expectTypeOf(rows[0]!["sales.revenue"]).toEqualTypeOf<string | null>();
      // what is divided is a double
      expectTypeOf(rows[0]!["sales.margin_rate"]).toEqualTypeOf<string | number | null>();
      expectTypeOf(rows[0]!["date.day_of_week"]).toEqualTypeOf<string | null>();
      expectTypeOf(rows[0]!["date.month"]).toEqualTypeOf<string | null>();
      const { rows: plain } = await shop!.query({ measures: ["sales.revenue"], exact: false });
      expectTypeOf(plain[0]!["sales.revenue"]).toEqualTypeOf<number | null>();
    });
  });
  test("types a role alone, and the column that it becomes", () => {
    ask(async (shop?: Shop) => {
      const { rows } = await shop!.query({
        measures: ["sales.revenue"],
        dimensions: ["product", "date"],
        totals: [["date"]],
      });
      expectTypeOf(rows[0]!["product.name"]).toEqualTypeOf<string | number | boolean | null>();
      expectTypeOf(rows[0]!["date.day"]).toEqualTypeOf<string | null>();
    });
    // @ts-expect-error service has no product
    ask((shop?: Shop) => shop!.query({ measures: ["service.cases"], dimensions: ["product"] }));
  });
  test("allows a repeated measure with a dimension that its fact lacks", () => {
    ask((shop?: Shop) =>
      shop!.query({ measures: ["sales.revenue", "service.total_cases"], dimensions: ["product.category"] }),
    );
    ask((shop?: Shop) =>
      shop!.query({
        measures: ["sales.revenue", "service.total_cases", "service.cases"],
        // @ts-expect-error a measure that is not repeated cannot
        dimensions: ["product.category"],
      }),
    );
  });
  test("checks the names in orders, segments, explanations and drills into rows", () => {
    ask((shop?: Shop) =>
      shop!.query({
        measures: ["sales.revenue"],
        dimensions: ["customer.country"],
        order: [{ member: "sales.lines" }, { member: "customer.country" }],
        filters: [{ not: { or: [{ segment: "big" }] } }],
      }),
    );
    // @ts-expect-error there is no measure sales.revenu
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], order: [{ member: "sales.revenu" }] }));
    ask((shop?: Shop) =>
      shop!.query({
        measures: ["sales.revenue"],
        dimensions: ["customer.city"],
        // @ts-expect-error what is not among the dimensions orders nothing
        order: [{ member: "customer.country" }],
      }),
    );
    // @ts-expect-error there is no segment nope
    ask((shop?: Shop) => shop!.query({ measures: ["sales.revenue"], filters: [{ segment: "nope" }] }));
    ask((shop?: Shop) =>
      // @ts-expect-error nor within a tree
      shop!.query({ measures: ["sales.revenue"], filters: [{ and: [{ not: { segment: "nope" } }] }] }),
    );
    ask((shop?: Shop) => shop!.explain({ measures: ["sales.revenue"], dimensions: ["customer.country"] }));
    // @ts-expect-error there is no measure sales.revenu
    ask((shop?: Shop) => shop!.explain({ measures: ["sales.revenu"] }));
    ask((shop?: Shop) =>
      shop!.drillthrough({
        measures: ["sales.revenue"],
        dimensions: ["customer.name"],
        cell: { "customer.country": "DE", date: null },
        limit: 5,
      }),
    );
    // @ts-expect-error there is no measure sales.revenu
    ask((shop?: Shop) => shop!.drillthrough({ measures: ["sales.revenu"], dimensions: [] }));
    // @ts-expect-error there is no attribute customer.contry
    ask((shop?: Shop) => shop!.drillthrough({ measures: ["sales.revenue"], cell: { "customer.contry": "DE" } }));
  });
});
