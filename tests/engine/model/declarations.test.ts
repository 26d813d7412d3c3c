/** Models, experiments and allocations that name what there is not are problems of the model, found before anything is loaded. */
import { expect, test } from "vitest";
import { resolveModel } from "../../../engine/model/resolve-model.ts";
import { defineAllocation, defineExperiment, defineProject, type ProjectSpec } from "../../../engine/model/index.ts";
import { defineModel } from "../../../engine/mining/index.ts";
import { project } from "../support/shop.ts";

test("every unknown member and cube is reported with its place and what was meant", () => {
  const spec = defineProject({
    ...project,
    models: [
      defineModel({
        name: "who",
        technique: "rfm",
        over: "customer",
        events: "sale",
        value: "sales.revenu",
        asOf: "latest",
      }),
      defineModel({
        name: "alike",
        technique: "kmeans",
        over: "customer",
        features: ["sales.orders", "customer.aeg"],
        k: 3,
      }),
    ],
    experiments: [
      defineExperiment({
        name: "mails",
        cube: "sales",
        treated: "sales.channel",
        by: "customer.contry",
        outcomes: ["sales.revenue", "sales.margn"],
        filters: [{ member: "sales.channel", operator: "equals", values: ["no.member"] }],
        follow: { sent: "service.case" },
      }),
    ],
    allocations: [
      defineAllocation({
        name: "split",
        spend: "sales.cost",
        outcome: "sales.revenue",
        channel: "sales.chanel",
        period: "date.month",
      }),
    ],
  } as unknown as ProjectSpec);
  expect(resolveModel(spec).problems.map((p) => [p.place, p.message])).toEqual([
    ["model who › events", expect.stringContaining('cube "sale" not found') as string],
    ["model who › value", 'member "sales.revenu" not found (did you mean "sales.revenue"?)'],
    ["model alike › features[1]", expect.stringContaining('member "customer.aeg" not found') as string],
    ["experiment mails › by", 'member "customer.contry" not found (did you mean "customer.country"?)'],
    ["experiment mails › outcomes[1]", 'member "sales.margn" not found (did you mean "sales.margin"?)'],
    ["experiment mails › follow › sent", 'member "service.case" not found (did you mean "service.cases"?)'],
    ["allocation split › channel", 'member "sales.chanel" not found (did you mean "sales.channel"?)'],
  ]);
});
