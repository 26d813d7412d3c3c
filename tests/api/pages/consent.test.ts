import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../api/app.ts";
import { openSmallShop, type SmallShop } from "../support/small-shop.ts";

/** Changes that can be undone, or that only add. Every other form of a page asks before. */
const REVERSIBLE = [
  "/data/identities",
  "/data/run",
  "/data/jobs/:name/run",
  "/data/jobs/:name/:what{pause|resume}",
  "/data/loads/:id/cancel",
  "/campaigns/plans",
  "/programme/judgements",
  "/segments/models/:name/mine",
];

let shop: SmallShop;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  shop = await openSmallShop();
  app = createApp({ project: shop.project });
});
afterAll(() => shop.close());

const formPaths = (): string[] => [
  ...new Set(
    app.routes.filter(({ method, path }) => method === "POST" && !path.startsWith("/v1/")).map(({ path }) => path),
  ),
];

describe("changes by the forms of pages", () => {
  test("are either reversible or ask", () => {
    expect(formPaths().sort()).toEqual(
      [
        ...REVERSIBLE,
        "/campaigns/plans/:id{\\d{1,9}}/draw",
        "/data/loads/:id/rollback",
        "/lists",
        "/segments/models/:name/rules",
      ].sort(),
    );
  });

  test("a rollback without consent changes nothing, and asks with the same form", async () => {
    const { loads } = (await (await app.request("/v1/loads")).json()) as { loads: { id: string }[] };
    const path = `/data/loads/${loads[0]?.id}/rollback`;
    const before = shop.project.manifest().version;
    const asked = await app.request(path, { method: "POST", body: new URLSearchParams({ extra: "kept" }) });
    const page = await asked.text();
    expect(page).toContain(`action="${path}"`);
    expect(page).toContain('name="extra" value="kept"');
    expect(page).toContain('name="sure" value="1"');
    expect(shop.project.manifest().version).toBe(before);
  });

  test("no other word than yes is consent", async () => {
    const { loads } = (await (await app.request("/v1/loads")).json()) as { loads: { id: string }[] };
    for (const sure of ["", "0", "true", "yes"]) {
      const body = new URLSearchParams({ sure });
      const asked = await app.request(`/data/loads/${loads[0]?.id}/rollback`, { method: "POST", body });
      expect(asked.status, sure).toBe(200);
    }
  });
});
