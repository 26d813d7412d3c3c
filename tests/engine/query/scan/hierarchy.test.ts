import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { count, defineCube, defineDimension, sum, type ProjectSpec } from "../../../../engine/model/index.ts";
import type { Query } from "../../../../engine/model/query.ts";
import { customer, date, openShop, project } from "../../support/shop.ts";

const employee = defineDimension({
  name: "employee",
  table: "employee",
  key: "employee_id",
  label: "full_name",
  attributes: { full_name: "full_name", position: "position" },
  parentChild: { reports_to: { parent: "supervisor_id", root: 0 } },
});
const payroll = defineCube({
  name: "payroll",
  table: "payroll",
  dimensions: { employee: { to: employee, on: "employee_id" }, date: { to: date, on: "paid_on" } },
  measures: { paid: sum("amount"), payments: count() },
});
const odd = defineCube({ ...payroll, name: "payroll_odd", table: "payroll_odd", measures: { payments: count() } });
const visits = defineCube({
  name: "calls",
  table: "calls",
  dimensions: { customer: { to: customer, on: "customer_id" }, date: { to: date, on: "called_on" } },
  attributes: { reason: "reason" },
  measures: { calls: count() },
});
const MORE = [
  // 1 is on top (its parent is 0), a ragged tree of depth 1 to 3, a circle between 8 and 9
  "create table employee as select * from (values (1, 'Ann', 0, 'head'), (2, 'Bo', 1, 'lead'), (3, 'Cy', 1, 'lead'), (4, 'Di', 2, 'clerk'), (5, 'Ed', 2, 'clerk'), (6, 'Flo', 4, 'aide'), (7, 'Gus', null, 'guest'), (8, 'Ha', 9, 'odd'), (9, 'Ia', 8, 'odd'), (10, 'Ed', null, 'guest')) t(employee_id, full_name, supervisor_id, position)",
  "create table payroll as select 1 + i % 10 as employee_id, date '2024-01-01' + (i % 300)::int as paid_on, (i % 97)::decimal(10,2) as amount from range(500) r(i)",
  "create table payroll_odd as select case when i % 12 = 11 then null else 1 + i % 12 end as employee_id, date '2024-01-01' as paid_on from range(480) r(i)",
  "create table calls as select 1 + (i * 7) % 44 as customer_id, date '2024-01-01' + (i % 400)::int as called_on, case when i % 3 = 0 then 'complaint' else 'question' end as reason from range(600) r(i)",
];
const ABOVE =
  "(with recursive up(k, a) as (select employee_id, employee_id from employee union select up.k, e.supervisor_id from up join employee e on e.employee_id = up.a where e.supervisor_id <> 0) select * from up)";

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop(
    {
      ...project,
      dimensions: [...project.dimensions, employee],
      cubes: [...project.cubes, payroll, odd, visits],
      roles: {
        masked: { show: ["payroll"], mask: ["employee.full_name"] },
        hidden: { show: ["payroll"], hide: ["employee.full_name"] },
      },
    } as ProjectSpec,
    MORE,
  );
});
afterAll(() => shop.close());
const rows = async (query: Query): Promise<unknown[][]> => {
  const r = await shop.engine.query(query);
  return r.rows.map((row) => r.columns.map((c) => row[c.name]));
};
const sql = async (text: string): Promise<unknown[][]> => (await shop.sql(text)).map((row) => Object.values(row));

describe("parent-child", () => {
  test("each member's number includes those below it, once, and the total counts every fact once", async () => {
    const query: Query = {
      measures: ["payroll.paid", "payroll.payments"],
      dimensions: ["employee.reports_to"],
      totals: true,
    };
    expect(await rows(query)).toEqual(
      await sql(
        `select a, sum(amount), count(*) from payroll p left join ${ABOVE} u on u.k = p.employee_id group by 1 order by 1 nulls last`,
      ),
    );
    const result = await shop.engine.query(query);
    expect(result.totals![0]!.row["payroll.payments"]).toBe(500);
    expect(result.columns.map((c) => c.overlapping ?? false)).toEqual([false, true, true]);
  });
  test("descends_from is the member with all below it", async () => {
    expect(
      await rows({
        measures: ["payroll.payments"],
        filters: [{ member: "employee.reports_to", operator: "descends_from", values: [2] }],
      }),
    ).toEqual(await sql("select count(*) from payroll where employee_id in (2, 4, 5, 6)"));
    expect(
      await rows({
        measures: ["payroll.payments"],
        dimensions: ["employee.position"],
        filters: [{ not: { member: "employee.reports_to", operator: "descends_from", values: [1] } }],
      }),
    ).toEqual(
      await sql(
        "select position, count(*) from payroll left join employee using (employee_id) where coalesce(employee_id, 0) not in (1, 2, 3, 4, 5, 6) group by 1 order by 1 nulls last",
      ),
    );
  });
  test("null is the fact without a member: in filters, among the best and among the others", async () => {
    const payments = async (filter: NonNullable<Query["filters"]>[number]): Promise<unknown> =>
      (await rows({ measures: ["payroll_odd.payments"], filters: [filter] }))[0]![0];
    const known = "employee_id in (select employee_id from employee)";
    const one = async (where: string): Promise<unknown> =>
      (await sql(`select count(*) from payroll_odd where ${where}`))[0]![0];
    const member = "employee.reports_to";
    const nowhere = await one(`employee_id is null or not ${known}`);
    expect(nowhere).toBe(80);
    expect(await payments({ member, operator: "is_null" })).toBe(nowhere);
    expect(await payments({ member, operator: "equals", values: [null] })).toBe(nowhere);
    expect(await payments({ not: { member, operator: "is_null" } })).toBe(await one(known));
    expect(await payments({ member, operator: "not_null" })).toBe(await one(known));
    expect(await payments({ member, operator: "equals", values: [null, 2] })).toBe(
      await one(`employee_id is null or not ${known} or employee_id in (2, 4, 5, 6)`),
    );
    expect(await payments({ member, operator: "not_equals", values: [2] })).toBe(
      await one("employee_id is null or employee_id not in (2, 4, 5, 6)"),
    );
    expect(await payments({ member, operator: "not_equals", values: [null, 2] })).toBe(
      await one(`${known} and employee_id not in (2, 4, 5, 6)`),
    );
    expect(await payments({ member, operator: "not_equals", values: [null] })).toBe(await one(known));
    const { rows: best, others } = await shop.engine.query({
      measures: ["payroll_odd.payments"],
      dimensions: [member],
      top: [{ dimension: member, by: "payroll_odd.payments", n: 1, others: true }],
      filters: [{ member, operator: "equals", values: [null, 7] }],
    });
    expect([best, others]).toEqual([
      [{ [member]: null, "payroll_odd.payments": nowhere }],
      [{ level: [], row: { "payroll_odd.payments": await one("employee_id = 7") } }],
    ]);
  });
  test("a label names a member where exactly one has it, else the keys are listed", async () => {
    const payments = async (
      operator: "descends_from" | "equals" | "not_equals",
      value: string | number,
    ): Promise<unknown> =>
      (
        await rows({
          measures: ["payroll.payments"],
          filters: [{ member: "employee.reports_to", operator, values: [value] }],
        })
      )[0]![0];
    for (const operator of ["descends_from", "equals", "not_equals"] as const)
      expect(await payments(operator, "Bo")).toBe(await payments(operator, 2));
    expect(await payments("descends_from", "2")).toBe(await payments("descends_from", 2));
    await expect(payments("descends_from", "Ed")).rejects.toMatchObject({
      code: "filter-invalid",
      message: '2 members of employee.reports_to are called "Ed"',
      remedy: "give one of their keys: 5, 10",
    });
    await expect(payments("descends_from", "Anne")).rejects.toMatchObject({
      code: "filter-invalid",
      message: 'employee.reports_to has no member "Anne" (did you mean "Ann"?)',
    });
  });
  test("a role that may not read labels finds no member by them", async () => {
    for (const role of ["masked", "hidden"]) {
      const ask = (value: string | number): Promise<unknown> =>
        shop.engine.as(role).query({
          measures: ["payroll.payments"],
          filters: [{ member: "employee.reports_to", operator: "descends_from", values: [value] }],
        });
      await expect(ask("Ed"), role).rejects.toMatchObject({
        message: 'employee.reports_to is of type integer; got "Ed"',
      });
      await expect(ask("Anne"), role).rejects.toMatchObject({
        message: 'employee.reports_to is of type integer; got "Anne"',
      });
      await expect(ask(2), role).resolves.toBeDefined();
    }
  });
  test("subtotals next to a hierarchy count each fact once, and each member's includes those below", async () => {
    const { totals } = await shop.engine.query({
      measures: ["payroll.payments"],
      dimensions: ["date.year", "employee.reports_to"],
      totals: [["date.year"], ["employee.reports_to"], []],
    });
    const at = (...level: string[]): unknown[][] =>
      totals!.filter((t) => t.level.join() === level.join()).map((t) => Object.values(t.row));
    expect(at("date.year")).toEqual(
      await sql("select date_trunc('year', paid_on)::date::varchar, count(*) from payroll group by 1 order by 1"),
    );
    expect(at("employee.reports_to")).toEqual(
      await sql(
        `select a, count(*) from payroll p left join ${ABOVE} u on u.k = p.employee_id group by 1 order by 1 nulls last`,
      ),
    );
    expect(at()).toEqual([[500]]);
  });
  test("levels that a member lacks are one group each, at every depth, and their subtotals add up to the whole", async () => {
    // the ragged chart of levels: some products without a category, some cities without a country
    const { totals } = await shop.engine.query({
      measures: ["sales.lines", "sales.buyers"],
      dimensions: ["customer.country", "customer.city", "product.category"],
      totals: true,
    });
    const at = (n: number): unknown[][] => totals!.filter((t) => t.level.length === n).map((t) => Object.values(t.row));
    expect(at(1)).toEqual(
      await sql(
        "select country, count(*), count(distinct customer_id) from sales left join (select customer_id, country from customer where valid_until is null) using (customer_id) group by 1 order by 1 nulls last",
      ),
    );
    expect(at(2)).toEqual(
      await sql(
        "select country, city, count(*), count(distinct customer_id) from sales left join (select customer_id, country, city from customer where valid_until is null) using (customer_id) group by 1, 2 order by 1 nulls last, 2 nulls last",
      ),
    );
    expect(at(2).reduce((all, row) => all + Number(row[2]), 0)).toBe(at(0)[0]![0]);
  });
  test("a circle among the members ends, and counts each of them", async () => {
    expect(
      await rows({
        measures: ["payroll.payments"],
        filters: [{ member: "employee.reports_to", operator: "descends_from", values: [8] }],
      }),
    ).toEqual(await sql("select count(*) from payroll where employee_id in (8, 9)"));
  });
  test("descends_from elsewhere is refused", async () => {
    await expect(
      shop.engine.query({
        measures: ["payroll.payments"],
        filters: [{ member: "employee.position", operator: "descends_from", values: ["lead"] }],
      }),
    ).rejects.toMatchObject({ code: "filter-invalid" });
  });
});

describe("scope: entity", () => {
  const complaint = {
    member: "calls.reason",
    operator: "equals" as const,
    values: ["complaint"],
    scope: "entity" as const,
  };
  test("a rule about one fact restricts the shared members, and so every fact", async () => {
    expect(
      await rows({ measures: ["sales.lines", "calls.calls"], filters: [complaint], dimensions: ["customer.country"] }),
    ).toEqual(
      await sql(`
      with c as (select * from customer where valid_until is null), k as (select distinct customer_id from calls where reason = 'complaint'),
        a as (select country, count(*) n from sales left join (select customer_id, country from c) using (customer_id) where customer_id in (select * from k) group by 1), b as (select country, count(*) n from calls left join (select customer_id, country from c) using (customer_id) where reason = 'complaint' group by 1)
      select coalesce(a.country, b.country), coalesce(a.n, 0), coalesce(b.n, 0) from a full join b on a.country is not distinct from b.country order by 1 nulls last`),
    );
  });
  test("the query's other filters decide which of its facts count", async () => {
    expect(
      await rows({
        measures: ["sales.lines"],
        filters: [complaint, { member: "date", operator: "in_range", values: ["2024-02"] }],
      }),
    ).toEqual(
      await sql(
        "select count(*) from sales where sold_on between '2024-02-01' and '2024-02-29' and customer_id in (select customer_id from calls where reason = 'complaint' and called_on between '2024-02-01' and '2024-02-29')",
      ),
    );
  });
  test("without scope, the other fact keeps its numbers", async () => {
    expect(
      await rows({ measures: ["sales.lines", "calls.calls"], filters: [{ ...complaint, scope: "fact" }] }),
    ).toEqual(
      await sql("select (select count(*) from sales), (select count(*) from calls where reason = 'complaint')"),
    );
  });
  test("a shared dimension that is not there is an error that names those that are", async () => {
    await expect(
      shop.engine.query({ measures: ["sales.lines", "calls.calls"], filters: [{ ...complaint, entity: "product" }] }),
    ).rejects.toMatchObject({ code: "filter-invalid", remedy: 'name one of them: "entity": "customer"' });
    await expect(
      shop.engine.query({
        measures: ["sales.lines"],
        filters: [{ member: "customer.country", operator: "equals", values: ["DE"], scope: "entity" }],
      }),
    ).rejects.toMatchObject({ code: "filter-invalid" });
  });
});

describe("paging", () => {
  test("pages follow each other without a gap or a repeat, and end", async () => {
    const query: Query = {
      measures: ["sales.revenue"],
      dimensions: ["customer.name", "product.name"],
      order: [{ member: "sales.revenue", direction: "desc" }],
      limit: 97,
      totals: true,
    };
    const whole = await shop.engine.query({ ...query, limit: 100_000 });
    const pages: unknown[] = [];
    let cursor: string | undefined;
    let turns = 0;
    do {
      const page = await shop.engine.query({ ...query, ...(cursor && { cursor }) });
      expect(page.totals).toEqual(whole.totals);
      pages.push(...page.rows);
      cursor = page.meta.next;
      turns++;
    } while (cursor);
    expect(turns).toBe(Math.ceil(whole.rows.length / 97));
    expect(pages).toEqual(whole.rows);
  });
  test("a cursor of another query or of nonsense is refused", async () => {
    const { meta } = await shop.engine.query({ measures: ["sales.lines"], dimensions: ["customer.name"], limit: 2 });
    await expect(
      shop.engine.query({ measures: ["sales.lines"], dimensions: ["product.name"], limit: 2, cursor: meta.next! }),
    ).rejects.toMatchObject({ code: "query-invalid", place: "$.cursor" });
    await expect(shop.engine.query({ measures: ["sales.lines"], cursor: "what" })).rejects.toMatchObject({
      code: "query-invalid",
      place: "$.cursor",
    });
  });
});
