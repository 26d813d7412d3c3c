/** Shapes of campaigns and their plans. */
import { z } from "@hono/zod-openapi";
import type { CampaignPlan } from "../../engine/mining/index.ts";
import { anyObject } from "./answers.ts";
import { filtersSchema } from "./query.ts";

const text = z.string().min(1).max(300);

const option = z.strictObject({
  channel: text,
  offer: text.optional(),
  cost: z.number(),
  times: z.number().optional(),
  eligible: filtersSchema.optional(),
});

export const planSchema: z.ZodType<CampaignPlan> = z
  .strictObject({
    over: text,
    audience: filtersSchema,
    exclude: filtersSchema.optional(),
    value: z.strictObject({ effect: z.union([text, z.number()]), worth: z.union([text, z.number()]) }),
    options: z.array(option).max(32),
    budget: z.number().optional(),
    capacity: z.record(text, z.number().min(0)).optional(),
    contacts: z.strictObject({ measure: text, days: z.number().int(), most: z.number().int() }).optional(),
    floors: z.strictObject({ by: text, least: z.record(text, z.number().min(0)) }).optional(),
    holdOut: z.number(),
    stratifyBy: z.array(text).max(5).optional(),
    seed: z.number().int().optional(),
    windowDays: z.number().int(),
  })
  .openapi("CampaignPlan");

export const namedPlanSchema = z.strictObject({ name: text, plan: planSchema });

export const campaignSchema = z
  .looseObject({
    id: z.number(),
    name: z.string(),
    status: z.enum(["planned", "drawn"]),
    madeAt: z.string(),
    drawnOn: z.string().nullable(),
    version: z.number().nullable(),
    plan: anyObject("the plan"),
    summary: anyObject("audience, treated, heldOut, cost, expected, gap, options, scarce").nullable(),
  })
  .openapi("Campaign");
