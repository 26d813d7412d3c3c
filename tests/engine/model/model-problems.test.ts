/** Wrong declarations of measures are reported when the model is opened: all at once, each with its place, and never as wrong numbers. */
import { expect, test } from "vitest";
import { resolveModel } from "../../../engine/model/resolve-model.ts";
import {
  avg,
  conversion,
  count,
  defineCube,
  defineDateDimension,
  defineDimension,
  defineProject,
  defineSegment,
  lastValue,
  measure,
  rank,
  rolling,
  running,
  share,
  shift,
  sum,
  toDate,
  type Filter,
  type Measure,
  type ProjectSpec,
  type Span,
} from "../../../engine/model/index.ts";
import type { ToDateLevel } from "../../../engine/model/measure.ts";

const date = defineDateDimension({ name: "date", from: "2024-01-01", until: "2024-12-31" });
const customer = defineDimension({
  name: "customer",
  table: "customer",
  key: "cid",
  attributes: { country: "country" },
});
const product = defineDimension({ name: "product", table: "product", key: "pid", attributes: { kind: "kind" } });
const problems = (measures: Record<string, Measure>): [string | undefined, string, string | undefined][] => {
  const sales = defineCube({
    name: "sales",
    table: "sales",
    dimensions: { date: { to: date, on: "d" }, customer: { to: customer, on: "cid" } },
    attributes: { channel: "channel" },
    measures: { revenue: sum("amount"), ...measures },
  });
  const cases = defineCube({
    name: "cases",
    table: "cases",
    dimensions: { date: { to: date, on: "d" }, product: { to: product, on: "pid" } },
    attributes: { topic: "topic" },
    measures: { cases: count() },
  });
  const spec = defineProject({
    name: "p",
    warehouse: { path: "unused" },
    dimensions: [date, customer, product],
    cubes: [sales, cases],
    segments: [
      defineSegment({ name: "vip", over: "customer", filters: [] }),
      defineSegment({ name: "kinds", over: "product", filters: [] }),
    ],
  } as unknown as ProjectSpec);
  return resolveModel(spec).problems.map((p) => [p.place, p.message, p.remedy]);
};
const equals = (member: string, more: object = {}): Filter => ({ member, operator: "equals", values: ["x"], ...more });

test("a measure's filter is about its own fact's rows", () => {
  const found = problems({
    a: sum("x", { where: [equals("sales.channel"), equals("sales.revenue")] }),
    b: sum("x", {
      where: [
        { or: [equals("customer.country"), { not: equals("sales.channel", { scope: "entity", entity: "customer" }) }] },
      ],
    }),
    c: sum("x", { where: [equals("cases.topic")] }),
    d: sum("x", { where: [equals("customer.contry")] }),
    e: sum("x", { where: [equals("product.kind")] }),
    f: lastValue("x", {
      over: "date",
      where: [
        { segment: "vipp" },
        { segment: "kinds" },
        { segment: "vip" },
        { member: "date", operator: "in_range", values: ["2024"] },
      ],
    }),
    g: avg(measure("revenue"), { per: "customer", where: [equals("cases.topic")] }),
    h: conversion({
      from: { where: [equals("cases.topic")] },
      to: { where: [equals("sales.chanel")] },
      over: "customer",
      within: { days: 3 },
    }),
  });
  expect(found.map(([place, message]) => [place, message])).toEqual([
    ["sales.a › where[1]", "sales.revenue is a measure, and rows are filtered before anything is measured"],
    ["sales.b › where[0].or[1].not", '`scope: "entity"` is not supported in a measure\'s filter'],
    ["sales.c › where[0]", "cases.topic belongs to another fact than sales"],
    ["sales.d › where[0]", 'member "customer.contry" not found (did you mean "customer.country"?)'],
    ["sales.e › where[0]", "sales has no role product"],
    ["sales.f › where[0]", 'segment "vipp" not found (did you mean "vip"?)'],
    ["sales.f › where[1]", "segment kinds is of product, and sales has no role of it"],
    ["sales.g › where[0]", "cases.topic belongs to another fact than sales"],
    ["sales.h › from.where[0]", "cases.topic belongs to another fact than sales"],
    ["sales.h › to.where[0]", 'member "sales.chanel" not found (did you mean "sales.channel"?)'],
  ]);
});
test("a measure of a measure may be filtered by every fact that it is made of", () => {
  expect(
    problems({
      per_case: { kind: "calculated", formula: "revenue / cases.cases" },
      mean: avg(measure("per_case"), { per: "date.month", where: [equals("cases.topic")] }),
    }),
  ).toEqual([]);
});
test("time moves along date roles, by whole spans and known levels", () => {
  expect(
    problems({
      a: shift("revenue", { days: -1 }, { over: "customer" }),
      b: lastValue("x", { over: "customer" }),
      c: running("revenue", { over: "dat" }),
      d: rolling("revenue", {}),
      e: rolling("revenue", { days: 0 }),
      f: rolling("revenue", { days: -3 }),
      g: rolling("revenue", { days: 1.5 }),
      h: shift("revenue", {}),
      i: shift("revenue", { month: -1 } as Span),
      j: toDate("revenue", "quater" as ToDateLevel),
      k: toDate("revenue", "day" as ToDateLevel),
      fine: shift("revenue", { years: -1, days: 1 }),
      fine_too: rolling("revenue", { hours: 36 }),
    }),
  ).toEqual([
    ["sales.a", "customer is not a date role of sales", "`over` names one of date"],
    ["sales.b", "customer is not a date role of sales", "`over` names one of date"],
    ["sales.c", 'role "dat" not found (did you mean "date"?)', "`over` names a date role of the cube"],
    ["sales.d", "a span of nothing holds no day", "write for example { days: 28 }"],
    ["sales.e", "a span of 0 days holds no day", "write for example { days: 28 }"],
    [
      "sales.f",
      "a window of -3 days would end before it begins",
      "write { days: 3 }; to move the window, use shift(…, { days: -3 })",
    ],
    ["sales.g", "days is a whole number; got 1.5", "write whole numbers; a part of a day in hours"],
    ["sales.h", "a span of nothing moves nothing", "write for example { months: -1 }"],
    [
      "sales.i",
      'unit "month" not found (did you mean "months"?)',
      "a span has hours, days, weeks, months, quarters, years",
    ],
    [
      "sales.j",
      'level "quater" not found (did you mean "quarter"?)',
      expect.stringContaining("week, month, quarter") as string,
    ],
    ["sales.k", 'level "day" not found', expect.stringContaining("week, month, quarter") as string],
  ]);
});
test("shares and ranks name dimensions that there are", () => {
  expect(
    problems({
      a: share("revenue", { of: ["customer.country", "custmer.country"] }),
      b: rank("revenue", { within: ["sales.chanel", "date.month", "segments.vip"] }),
    }).map(([place, message]) => [place, message]),
  ).toEqual([
    ["sales.a › of[1]", 'attribute "custmer.country" not found (did you mean "customer.country"?)'],
    ["sales.b › within[0]", 'attribute "sales.chanel" not found (did you mean "sales.channel"?)'],
  ]);
});
