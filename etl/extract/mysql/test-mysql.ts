import { first } from "../../../engine/lookup.ts";
import { resolveSetting } from "../../declare/secret.ts";
import type { MysqlSource } from "../../declare/sources/mysql.ts";
import type { TestContext } from "../source-kind.ts";
import { ask, openMysql } from "./mysql-session.ts";

/** Names the server's version and counts tables. @throws TesseraError `source-unavailable`, `source-refused` */
export async function testMysql(source: MysqlSource, { environment, place }: TestContext): Promise<string> {
  const connection = await openMysql(resolveSetting(source.url, environment, place), place);
  try {
    const { rows } = await ask(
      connection,
      "SELECT version(), (SELECT count(*) FROM information_schema.tables WHERE table_schema = database())",
    );
    const [version = "", tables] = first(rows).map(String);
    return `${/mariadb/i.test(version) ? "MariaDB" : "MySQL"} ${version.split("-")[0]}, ${tables} tables`;
  } finally {
    connection.destroy();
  }
}
