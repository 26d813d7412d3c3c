import { afterAll, beforeAll, expect, it } from "vitest";
import { buildDemo, startServiceDesk, type ServiceDesk } from "../../../etl/demo/build.ts";
import { DESK_TOKEN } from "../../../etl/demo/service-desk.ts";
import { temporaryHome, truthJson, truthRows } from "./_demo.ts";

const { home, remove } = temporaryHome();
let desk: ServiceDesk;
interface Page {
  readonly data: readonly { readonly case_id: string; readonly updated_at: string }[];
  readonly meta: { readonly next: string | null; readonly total: number };
}
const get = (path: string, token = DESK_TOKEN): Promise<Response> =>
  fetch(`${desk.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
const page = async (path: string): Promise<Page> => (await (await get(path)).json()) as Page;

beforeAll(async () => {
  await buildDemo({ home, scale: 0.01 });
  desk = await startServiceDesk(home);
});
afterAll(async () => {
  await desk.close();
  remove();
});

it("the service desk returns every case once, page by page", async () => {
  const seen: string[] = [];
  for (let cursor: string | null = "0"; cursor !== null; ) {
    const next: Page = await page(`/v1/cases?limit=200&cursor=${cursor}`);
    expect(next.data.length).toBeLessThanOrEqual(200);
    seen.push(...next.data.map((row) => row.case_id));
    cursor = next.meta.next;
  }
  expect(new Set(seen).size).toBe(seen.length);
  const wrong = truthRows(home, "broken.csv").filter((row) => row["system"] === "desk").length;
  expect(seen.length).toBe(truthJson<{ cases: number }>(home, "totals.json").cases + wrong);
});

it("the service desk requires its token", async () => {
  expect((await get("/v1/cases", "wrong")).status).toBe(401);
  expect((await fetch(`${desk.url}/v1/cases`)).status).toBe(401);
});

it("the service desk returns the rows changed since a time", async () => {
  const { data } = await page("/v1/cases?limit=10000&updated_since=2025-06-01T00:00:00Z");
  expect(data.length).toBeGreaterThan(0);
  expect(data.every((row) => row.updated_at >= "2025-06-01")).toBe(true);
});

it("the service desk refuses an unknown table and a bad cursor", async () => {
  expect((await get("/v1/secrets")).status).toBe(404);
  expect((await get("/v1/cases?cursor=zzzzzzzz")).status).toBe(400);
});
