/** `/v1/customers`: find by name, phone, e-mail; and everything of one. */
import { createRoute, z } from "@hono/zod-openapi";
import { customerModel, findCustomers, readCustomer } from "../pages/customers/customer-data.ts";
import { anyObject, jsonResponse, problemResponse, row } from "../schemas/answers.ts";
import { readerFor, type App } from "./environment.ts";

const unloaded = problemResponse("Nothing has been loaded yet");
const list = createRoute({
  method: "get",
  path: "/v1/customers",
  tags: ["Customers"],
  summary: "Find customers by name, number, phone or e-mail",
  request: {
    query: z.object({
      search: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(500).optional(),
      version: z.string().optional(),
    }),
  },
  responses: {
    200: jsonResponse(z.object({ customers: z.array(row), truncated: z.boolean() }), "The customers"),
    404: problemResponse("The project has no customers"),
    503: unloaded,
  },
});
const one = createRoute({
  method: "get",
  path: "/v1/customers/{key}",
  tags: ["Customers"],
  summary: "One customer: profile, labels, figures, events",
  request: { params: z.object({ key: z.string().max(200) }) },
  responses: {
    200: jsonResponse(anyObject("key, name, attributes, labels, figures, events"), "The customer"),
    404: problemResponse("There is no such customer"),
    503: unloaded,
  },
});

export const customerRoutes = (app: App): void => {
  app.openapi(list, async (c) => {
    const reader = readerFor(c);
    const { search, limit } = c.req.valid("query");
    const found = await findCustomers(
      customerModel(c.var.services.project.spec, reader.catalog),
      search ?? "",
      limit ?? 50,
      reader,
      c.var.services,
    );
    return c.json({ customers: found.rows.map((r) => ({ ...r })), truncated: found.truncated }, 200);
  });
  app.openapi(one, async (c) => {
    const customer = await readCustomer(c.req.valid("param").key, readerFor(c), c.var.services);
    return c.json(
      {
        key: customer.key,
        name: customer.name,
        attributes: Object.fromEntries(customer.attributes.map((a) => [a.attribute.name, a.value])),
        labels: Object.fromEntries(customer.labels.map((a) => [a.attribute.name, a.value])),
        figures: Object.fromEntries(customer.figures.map((f) => [f.column.name, f.value])),
        events: Object.fromEntries(customer.events.map((e) => [e.cube, e.rows])),
      },
      200,
    );
  });
};
