import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { env, hubspot, hubspotObject, salesforce, salesforceObject } from "../../../etl/index.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";
import { startService, type Answer, type Call, type Service } from "../_service.ts";

let company: Company;
let service: Service;
let answer: (call: Call) => Answer;
beforeEach(async () => {
  company = makeCompany();
  service = await startService((call) => answer(call));
});
afterEach(async () => {
  await service.stop();
  company.remove();
});

interface Row {
  Id: string;
  Name: string;
  Amount: number;
  SystemModstamp: string;
  IsDeleted: boolean;
  visible: boolean;
}

describe("Salesforce", () => {
  let accounts: Row[];
  let token = 0;
  /** Behaves as the real one: pages by locator, hides deleted rows from `query`, refuses a stamp it cannot read and a session that has ended. */
  const behave = (call: Call): Answer => {
    if (call.url.pathname === "/services/oauth2/token")
      return { json: { access_token: `session${++token}`, instance_url: service.url, token_type: "Bearer" } };
    if (call.token !== `Bearer session${token}`) return { status: 401, json: [{ errorCode: "INVALID_SESSION_ID" }] };
    const locator = /\/query\/01g-(.+)-(\d+)$/.exec(call.url.pathname);
    const soql = locator ? Buffer.from(locator[1]!, "base64url").toString() : call.url.searchParams.get("q")!;
    const since = /SystemModstamp >= (\S+) ORDER BY SystemModstamp, Id$/.exec(soql)?.[1];
    if (since === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(since))
      return { status: 400, json: [{ errorCode: "MALFORMED_QUERY" }] };
    const all = call.url.pathname.endsWith("/query") ? accounts.filter((row) => !row.IsDeleted) : accounts;
    const found = all
      .filter((row) => row.visible && Date.parse(row.SystemModstamp) >= Date.parse(since))
      .sort((a, b) => (a.SystemModstamp + a.Id < b.SystemModstamp + b.Id ? -1 : 1));
    const from = Number(locator?.[2] ?? 0);
    const done = from + 20 >= found.length;
    return {
      json: {
        totalSize: found.length,
        done,
        ...(!done && {
          nextRecordsUrl: `/services/data/v60.0/query/01g-${Buffer.from(soql).toString("base64url")}-${from + 20}`,
        }),
        records: found
          .slice(from, from + 20)
          .map(({ visible: _, ...row }) => ({ attributes: { type: "Account" }, ...row })),
      },
    };
  };
  const row = (n: number, stamp: string, more: Partial<Row> = {}): Row => ({
    Id: `001${String(n).padStart(15, "0")}`,
    Name: `Account ${n}`,
    Amount: n * 1.25,
    SystemModstamp: stamp,
    IsDeleted: false,
    visible: true,
    ...more,
  });
  const one = () =>
    salesforceObject({
      name: "accounts",
      source: salesforce({
        name: "crm",
        instanceUrl: env("SF"),
        tokenUrl: env("SF_TOKEN"),
        clientId: "id",
        clientSecret: env("SF_SECRET"),
        perSecond: 1000,
      }),
      object: "Account",
      table: "accounts",
      columns: {
        account_id: { from: "Id", type: "varchar" },
        name: { from: "Name", type: "varchar" },
        amount: { from: "Amount", type: "decimal(12,2)" },
      },
    });
  const load = async () =>
    stepOf(
      await company.load([one()], {
        environment: { SF: service.url, SF_TOKEN: `${service.url}/services/oauth2/token`, SF_SECRET: "s" },
      }),
      "accounts",
    );

  it("is read by pages, then by what changed: one stamp of many rows, late rows, deletions, a session that ends", async () => {
    const same = "2024-05-01T10:00:00.000+0000";
    accounts = Array.from({ length: 65 }, (_, i) => row(i + 1, i < 5 ? "2024-04-01T10:00:00.000+0000" : same));
    answer = behave;
    expect(account(await load())).toMatchObject({ read: 65, added: 65 });
    expect((await company.manifest())!.watermarks["accounts"]).toBe(same);
    accounts.push(
      row(66, same),
      row(67, "2024-05-01T09:52:00.000+0000"),
      row(68, "2024-05-02T00:00:00.000+0000", { visible: false }),
    );
    accounts[2] = row(3, "2024-05-03T00:00:00.000+0000", { IsDeleted: true });
    accounts[9] = row(10, "2024-05-03T00:00:00.000+0000", { Name: "Renamed" });
    let calls = 0;
    answer = (call) => {
      if (++calls === 3) token++;
      return behave(call);
    };
    expect(account(await load())).toMatchObject({ added: 2, updated: 1, deleted: 1, unchanged: 59 });
    expect(await company.rows("select count(*), max(name) filter (account_id like '%0010') from accounts")).toEqual([
      ["66", "Renamed"],
    ]);
    // a row that shows up after a later one was read is within the lag, or it is not
    accounts[67] = row(68, "2024-05-02T23:55:00.000+0000");
    expect(account(await load())).toMatchObject({ added: 1 });
    expect(account(await load())).toMatchObject({ added: 0, updated: 0, deleted: 0 });
  });

  it("takes no name that could be more than a name", () => {
    expect(() =>
      salesforceObject({
        name: "x",
        source: salesforce({
          name: "crm",
          instanceUrl: "http://x",
          tokenUrl: "http://x",
          clientId: "id",
          clientSecret: "s",
        }),
        object: "Account WHERE 1=1",
        table: "x",
        columns: {},
      }),
    ).toThrow(/invalid Salesforce name "Account/);
  });
});

describe("HubSpot", () => {
  interface Contact {
    readonly id: number;
    readonly email: string;
    readonly at: number;
    readonly archived: boolean;
  }
  let contacts: Contact[];
  /** Behaves as the real one: a search that ends at 10,000, without archived objects, sorted as asked; values are texts. */
  const behave = (call: Call): Answer => {
    if (call.token !== "Bearer pat") return { status: 401 };
    const show = ({ id, email, at, archived }: Contact): object => ({
      id: String(id),
      properties: { email, lastmodifieddate: new Date(at).toISOString(), hs_object_id: String(id) },
      archived,
    });
    const found = (): Contact[] => {
      if (call.method === "GET") return contacts.filter((each) => each.archived);
      const body = JSON.parse(call.body) as {
        readonly filterGroups: readonly [
          { readonly filters: readonly { readonly propertyName: string; readonly value: string }[] },
        ];
      };
      const [since, last] = ["lastmodifieddate", "hs_object_id"].map((name) =>
        Number(body.filterGroups[0].filters.find((filter) => filter.propertyName === name)!.value),
      );
      return contacts
        .filter((each) => !each.archived && each.at >= since! && each.id > last!)
        .sort((a, b) => a.id - b.id);
    };
    const all = found();
    const body =
      call.method === "GET"
        ? { after: call.url.searchParams.get("after") ?? undefined, limit: 100 }
        : (JSON.parse(call.body) as { readonly after?: string; readonly limit: number });
    const from = Number(body.after ?? 0);
    if (call.method === "POST" && (from >= 10_000 || body.limit > 200))
      return { status: 400, json: { category: "VALIDATION_ERROR", message: "paging beyond 10000" } };
    const until = from + body.limit;
    return {
      json: {
        total: all.length,
        results: all.slice(from, until).map(show),
        ...(until < all.length && { paging: { next: { after: String(until) } } }),
      },
    };
  };
  const jobs = () =>
    hubspotObject({
      name: "contacts",
      source: hubspot({ name: "hub", baseUrl: env("HUB"), token: env("PAT"), perSecond: 10_000 }),
      object: "contacts",
      table: "contacts",
      columns: { id: "bigint", email: "varchar" },
    });
  const load = async () => {
    const run = await company.load(jobs(), { environment: { HUB: service.url, PAT: "pat" } });
    return { archived: account(stepOf(run, "contacts_archived")), changed: account(stepOf(run, "contacts")) };
  };

  it("is read beyond its window of 10,000 though all stamps are the same, then by what changed; archived objects go, and come back", async () => {
    const at = Date.parse("2024-05-01T10:00:00Z");
    contacts = Array.from({ length: 23_456 }, (_, i) => ({
      id: 1000 + i * 3,
      email: `c${i}@example.com`,
      at,
      archived: false,
    }));
    answer = behave;
    expect(await load()).toMatchObject({ changed: { read: 23_456, added: 23_456 } });
    expect(await company.rows("select count(*), count(distinct id), min(email) from contacts")).toEqual([
      ["23456", "23456", "c0@example.com"],
    ]);
    contacts = contacts
      .map((each, i) => {
        if (i === 5) return { ...each, archived: true };
        return i === 6 ? { ...each, email: "new@example.com", at: at + 60_000 } : each;
      })
      .filter((_, i) => i < 100);
    contacts.push({ id: 1, email: "late@example.com", at: at - 60_000, archived: false });
    expect(await load()).toMatchObject({
      archived: { read: 1, deleted: 1 },
      changed: { read: 100, added: 1, updated: 1 },
    });
    expect(await company.rows("select count(*) from contacts where id = 1015")).toEqual([["0"]]);
    contacts = contacts.map((each) => (each.id === 1015 ? { ...each, archived: false, at: at + 120_000 } : each));
    expect(await load()).toMatchObject({ archived: { read: 0 }, changed: { added: 1 } });
  });

  it("whose search window does not move on is an error, not a loop", async () => {
    answer = (call) =>
      call.method === "GET"
        ? { json: { results: [] } }
        : {
            json: {
              results: Array.from({ length: 10_000 }, () => ({
                id: "7",
                properties: { email: "x", lastmodifieddate: "2024-01-01T00:00:00Z" },
              })),
              paging: { next: { after: "10000" } },
            },
          };
    await expect(load()).rejects.toThrow(/has no new key/);
  });
});
