import { describe, expectTypeOf, test } from "vitest";
import type { MeasureMember, JoinableDimension } from "../../engine/model/typed.ts";
import type { OpenProject } from "../../etl/project.ts";
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
  test("gives typed rows", () => {
    ask(async (shop?: Shop) => {
      const { rows } = await shop!.query({ measures: ["sales.revenue"], dimensions: ["date.month"] });
      expectTypeOf(rows[0]!["sales.revenue"]).toEqualTypeOf<number | null>();
      expectTypeOf(rows[0]!["date.month"]).toEqualTypeOf<string | null>();
      // @ts-expect-error the row has what was asked for
      rows[0]!["sales.cost"];
    });
  });
});
