import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openState } from "../../../engine/warehouse/index.ts";
import { defineDestination, env, exportList, listLists, mysql, toTable } from "../../../etl/index.ts";
import { NO_MARIADB, startMariadb, type TestMysql } from "../_mysql.ts";
import { openListShop, type ListShop } from "./_shop.ts";

let server: TestMysql;
let shop: ListShop | undefined;
beforeAll(async () => {
  if (NO_MARIADB === undefined) server = await startMariadb();
});
afterAll(() => server?.stop());
afterEach(async () => {
  await shop?.close();
  shop = undefined;
});

const allowed = Array.from({ length: 40 }, (_, i) => i + 1).filter((n) => n % 4 !== 0 && n % 10 !== 0);
const calls = defineDestination({
  name: "calls",
  over: "customer",
  to: toTable({ in: mysql({ name: "crm", url: env("CRM") }), table: "call list", key: "member" }),
  columns: { name: "customer.name", spend: "sales.spend", agreed: "customer.consent" },
  contact: { consent: "customer.consent", stop: "customer.stop" },
});
const send = (audience: string) =>
  exportList(shop!.project, { audience, to: "calls", environment: { CRM: server.url } });
const columns =
  "entry_id varchar(80), list_id varchar(80), member varchar(20) primary key, assignee varchar(80), name varchar(40) character set utf8mb4, spend decimal(12,2), agreed boolean";

describe.skipIf(NO_MARIADB !== undefined)(NO_MARIADB ?? "a table of MariaDB", () => {
  it("gets entries once, and changes: rows with the key are overwritten, all others stay", async () => {
    shop = await openListShop([calls]);
    await server.query(
      "drop table if exists `call list`",
      `create table \`call list\` (${columns}, touched_by varchar(20) default 'nobody')`,
      "insert into `call list` (member, name, touched_by) values ('39', 'older', 'somebody'), ('999', 'not ours', 'somebody')",
    );
    await send("good");
    const second = await send("everyone");
    expect(second).toMatchObject({ status: "delivered", delivered: allowed.length, detail: "crm: call list" });
    expect(
      await server.rows(
        "select count(*), count(distinct list_id), min(list_id), sum(spend), sum(agreed) from `call list` where member <> '999'",
      ),
    ).toEqual([[allowed.length, 1, second.id, `${allowed.reduce((sum, n) => sum + n, 0)}.00`, String(allowed.length)]]);
    expect(
      await server.rows("select name, touched_by from `call list` where member in ('39', '999') order by member"),
    ).toEqual([
      ["Person 39", "somebody"],
      ["not ours", "somebody"],
    ]);
    // what a person types is a value, never SQL
    expect(await server.rows("select name from `call list` where member = '7'")).toEqual([["=1+1"]]);
  });

  it("gets all or none, and every letter of a text", async () => {
    shop = await openListShop([calls]);
    await server.query(
      "drop table if exists `call list`",
      `create table \`call list\` (${columns}, check (spend <> 39))`,
    );
    const refused = await send("everyone").catch((thrown: unknown) => thrown as Error);
    expect(refused).toMatchObject({ code: "source-refused" });
    expect(String(refused)).not.toContain("p4ss");
    expect(await server.rows("select count(*) from `call list`")).toEqual([[0]]);
    // a session that is not strict would cut "Person 39" to "Pers"
    await server.query(
      "drop table `call list`",
      `create table \`call list\` (${columns.replace("varchar(40)", "varchar(4)")})`,
      "set global sql_mode = 'NO_BACKSLASH_ESCAPES'",
    );
    await expect(send("everyone")).rejects.toMatchObject({ code: "source-refused" });
    expect(await server.rows("select count(*) from `call list`")).toEqual([[0]]);
    // and a quote is a quote under any mode of the server
    shop.company.sql("update customers set name = 'O''Brien \\'' or 1=1 --' where id = 39");
    await server.query("drop table `call list`", `create table \`call list\` (${columns})`);
    await shop.load();
    await shop.project.refresh();
    await send("everyone");
    expect(await server.rows("select name from `call list` where member = '39'")).toEqual([["O'Brien \\' or 1=1 --"]]);
    const state = openState(shop.company.warehouse);
    expect(listLists(state).map((list) => [list.status, list.delivered])).toEqual([
      ["delivered", allowed.length],
      ["failed", 0],
      ["failed", 0],
    ]);
    state.close();
  });

  it("that refuses the password or does not answer is reported without it, and the list is failed", async () => {
    shop = await openListShop([calls]);
    const wrong = (url: string) =>
      exportList(shop!.project, { audience: "good", to: "calls", environment: { CRM: url } }).catch(
        (thrown: unknown) => thrown as Error,
      );
    const refused = await wrong(server.url.replace("p4ss", "wrong"));
    expect(refused).toMatchObject({ code: "source-refused", message: "MySQL refused the user or the password" });
    const away = await wrong(server.url.replace(/:\d+\//, ":1/"));
    expect(away).toMatchObject({ code: "source-unavailable" });
    expect(JSON.stringify([refused, away])).not.toMatch(/p4ss|wrong/);
  });
});
