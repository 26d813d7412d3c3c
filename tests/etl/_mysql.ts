/** A MariaDB server of its own for a test file, where the program is installed. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";

const PROGRAM = [
  "/usr/sbin/mariadbd",
  "/usr/libexec/mariadbd",
  "/usr/local/bin/mariadbd",
  "/opt/homebrew/bin/mariadbd",
].find((path) => existsSync(path));
const INSTALL = [
  "/usr/bin/mariadb-install-db",
  "/usr/local/bin/mariadb-install-db",
  "/opt/homebrew/bin/mariadb-install-db",
].find((path) => existsSync(path));
/** Why these tests cannot run here; undefined where they can. */
export const NO_MARIADB =
  PROGRAM === undefined || INSTALL === undefined
    ? "MariaDB is not installed (apt-get install mariadb-server)"
    : undefined;

export interface TestMysql {
  readonly url: string;
  query(...statements: string[]): Promise<void>;
  rows(sql: string): Promise<unknown[][]>;
  stop(): Promise<void>;
}

export async function startMariadb(): Promise<TestMysql> {
  const folder = mkdtempSync(join(tmpdir(), "tessera-mariadb-"));
  chmodSync(folder, 0o777);
  const data = join(folder, "data");
  const root = process.getuid?.() === 0;
  const common = [`--datadir=${data}`, "--no-defaults", ...(root ? ["--user=mysql"] : [])].sort((a) =>
    a === "--no-defaults" ? -1 : 0,
  );
  const installed = spawnSync(INSTALL!, [...common, "--auth-root-authentication-method=normal", "--skip-test-db"], {
    encoding: "utf8",
  });
  if (installed.status !== 0) throw new Error(`mariadb-install-db: ${installed.stderr}`);
  const port = await freePort();
  const server = spawn(
    PROGRAM!,
    [
      ...common,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      `--socket=${join(folder, "s.sock")}`,
      `--pid-file=${join(folder, "pid")}`,
      "--innodb-flush-log-at-trx-commit=0",
      "--innodb-buffer-pool-size=64M",
      "--skip-log-bin",
      "--skip-name-resolve",
    ],
    { stdio: "ignore" },
  );
  const options = { host: "127.0.0.1", port, user: "root", multipleStatements: false };
  for (let tries = 0; ; tries++) {
    try {
      const connection = await mysql.createConnection(options);
      for (const sql of [
        "CREATE DATABASE shop CHARACTER SET utf8mb4",
        "CREATE USER 'reader'@'127.0.0.1' IDENTIFIED BY 'p4ss word/'",
        "GRANT ALL ON shop.* TO 'reader'@'127.0.0.1'",
      ])
        await connection.query(sql);
      await connection.end();
      break;
    } catch (error) {
      if (tries > 150 || server.exitCode !== null) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  const connect = (): Promise<mysql.Connection> => mysql.createConnection({ ...options, database: "shop" });
  return {
    url: `mysql://reader:${encodeURIComponent("p4ss word/")}@127.0.0.1:${port}/shop`,
    query: async (...statements) => {
      const connection = await connect();
      for (const statement of statements) await connection.query(statement);
      await connection.end();
    },
    rows: async (sql) => {
      const connection = await connect();
      const [rows] = await connection.query({ sql, rowsAsArray: true });
      await connection.end();
      return rows as unknown[][];
    },
    stop: async () => {
      server.kill("SIGTERM");
      if (server.exitCode === null) await once(server, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
