/** `/v1/customers`: find customers, and all that is known about one. */
import { createRoute, z } from "@hono/zod-openapi";
import { readerFor, type App } from "../http/environment.ts";
import { anyObject, jsonResponse, notLoaded, problemResponse, row } from "../schemas/answers.ts";
import { customerModel } from "../services/customers/customer-model.ts";
import { findCustomers } from "../services/customers/find-customers.ts";
import { readCustomer } from "../services/customers/read-customer.ts";

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
    503: notLoaded,
  },
});
const one = createRoute({
  method: "get",
  path: "/v1/customers/{key}",
  tags: ["Customers"],
  summary: "One customer: profile, labels, key figures, events",
  request: { params: z.object({ key: z.string().max(200) }) },
  responses: {
    200: jsonResponse(anyObject("key, name, attributes, labels, figures, events"), "The customer"),
    404: problemResponse("Customer not found"),
    503: notLoaded,
  },
});

export const customerRoutes = (app: App): void => {
  app.openapi(list, async (c) => {
    const { services } = c.var;
    const reader = readerFor(c);
    const { search = "", limit = 50 } = c.req.valid("query");
    const model = customerModel(services.project.spec, reader.catalog);
    const { rows, truncated } = await findCustomers(model, search, limit, reader, services);
    return c.json({ customers: rows.map((each) => ({ ...each })), truncated }, 200);
  });
  app.openapi(one, async (c) => {
    const { key, name, ...customer } = await readCustomer(c.req.valid("param").key, readerFor(c), c.var.services);
    return c.json(
      {
        key,
        name,
        attributes: Object.fromEntries(customer.attributes.map((a) => [a.attribute.name, a.value])),
        labels: Object.fromEntries(customer.labels.map((a) => [a.attribute.name, a.value])),
        figures: Object.fromEntries(customer.figures.map((f) => [f.column.name, f.value])),
        events: Object.fromEntries(customer.events.map((e) => [e.cube, e.rows])),
      },
      200,
    );
  });
};
