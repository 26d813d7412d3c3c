/** `tessera init`: writes a small project to edit. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Command } from "commander";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { fromHere, type CommandContext } from "./context.ts";
import { compilerVersion, ownReference } from "./own-reference.ts";

export function register(program: Command, _context: CommandContext): void {
  program
    .command("init")
    .description("write a small project to edit: config, one source, one cube, one dashboard")
    .argument("[dir]", "folder, created if it does not exist", ".")
    .action((dir: string) => {
      const folder = fromHere(dir);
      if (existsSync(join(folder, "tessera.config.ts")))
        throw new TesseraError("usage", phrase`${folder} already contains a project`, {
          place: folder,
          remedy: "choose an empty folder",
        });
      if (existsSync(folder) && readdirSync(folder).some((name) => name in FILES("", "")))
        throw new TesseraError("usage", phrase`${folder} contains files that init would overwrite`, {
          place: folder,
          remedy: "choose an empty folder",
        });
      const name =
        basename(folder)
          .toLowerCase()
          .replaceAll(/[^a-z0-9]+/g, "_") || "project";
      mkdirSync(folder, { recursive: true });
      for (const [path, text] of Object.entries(FILES(name, ownReference(folder)))) {
        mkdirSync(join(folder, path, ".."), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      process.stdout.write(
        [
          `created a project in ${folder}. Next, in that folder:`,
          "  npm install      # lets editors and `npm run check` know every member",
          "  tessera load     # loads drops/orders.csv",
          `  tessera query '${QUERY}'`,
          "  tessera serve    # serves the dashboard",
          "",
        ].join("\n"),
      );
    });
}

const QUERY = '{"measures":["sales.revenue"],"dimensions":["date.month","sales.country"],"totals":true}';

const TSCONFIG = {
  compilerOptions: {
    target: "ES2022",
    module: "NodeNext",
    moduleResolution: "NodeNext",
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
  },
  include: ["*.ts"],
};

const FILES = (name: string, tessera: string): Record<string, string> => ({
  "tessera.config.ts": CONFIG(name),
  "ask.ts": ASK,
  "package.json": `${JSON.stringify(
    {
      name: name.replaceAll("_", "-"),
      private: true,
      type: "module",
      scripts: {
        ask: "node --import tessera/register ask.ts",
        check: "tsc && tessera check",
        load: "tessera load",
        serve: "tessera serve",
      },
      dependencies: { tessera },
      devDependencies: { typescript: compilerVersion() },
    },
    null,
    2,
  )}\n`,
  "tsconfig.json": `${JSON.stringify(TSCONFIG, null, 2)}
`,
  ".gitignore": "node_modules/\nwarehouse/\n",
  "drops/orders.csv": ORDERS,
});

const ORDERS = `order_id,ordered_on,customer,country,product,quantity,amount
1001,2025-01-14,Ada Byron,GB,Teapot,1,24.50
1002,2025-01-20,Emil Kraus,DE,Cup,4,18.00
1003,2025-02-03,Ada Byron,GB,Cup,2,9.00
1004,2025-02-17,Chen Wei,CN,Teapot,2,49.00
1005,2025-03-05,Emil Kraus,DE,Kettle,1,61.90
1006,2025-03-29,Marie Roux,FR,Cup,6,27.00
`;

const ASK = [
  "// A question in TypeScript: npm run ask. A wrong name does not compile: npm run check.",
  'import { openProject } from "tessera";',
  'import project from "./tessera.config.ts";',
  "",
  "const shop = await openProject(project);",
  'const { rows } = await shop.query({ measures: ["sales.revenue"], dimensions: ["date.month"] });',
  'for (const row of rows) console.log(row["date.month"], row["sales.revenue"]);',
  "await shop.close();",
  "",
].join("\n");

const CONFIG = (name: string): string => `import {
  between, calculated, count, countDistinct, defineCube, defineDashboard, defineDateDimension, defineJob, defineProject,
  files, notNull, sum, unique,
} from "tessera";

// The source: every CSV file in ./drops is loaded once.
const drops = files({ name: "drops", path: "./drops" });

const orders = defineJob({
  name: "orders",
  title: "Orders",
  source: drops,
  extract: { file: "orders*.csv" },
  columns: {
    order_id: "bigint",
    ordered_on: "date",
    customer: { type: "varchar", clean: ["trim"] },
    country: { type: "varchar", clean: ["trim", "uppercase"] },
    product: { type: "varchar", clean: ["trim"] },
    quantity: "integer",
    amount: "decimal(12,2)",
  },
  checks: [notNull("order_id"), unique("order_id"), between("quantity", 1, 1000)],
  onReject: { quarantine: true, failAbove: "5%" },
  into: { table: "orders", mode: "merge", key: "order_id" },
});

const date = defineDateDimension({ name: "date", from: "auto", until: "auto" });

const sales = defineCube({
  name: "sales",
  title: "Sales",
  table: "orders",
  grain: ["order_id"],
  dimensions: { date: { to: date, on: "ordered_on" } },
  attributes: { country: "country", product: "product", customer: "customer" },
  measures: {
    revenue: sum("amount", { title: "Revenue", format: "currency" }),
    units: sum("quantity", { title: "Units", format: "integer" }),
    orders: count({ title: "Orders" }),
    customers: countDistinct("customer", { title: "Customers" }),
    average_order: calculated("revenue / orders", { title: "Average order", format: "currency" }),
  },
});

const overview = defineDashboard({
  name: "overview",
  title: "Overview",
  date: "date",
  period: "2025",
  filters: ["sales.country"],
  tiles: [
    { kind: "kpi", title: "Revenue", measure: "sales.revenue", trend: "date.month" },
    { kind: "kpi", title: "Customers", measure: "sales.customers" },
    {
      kind: "chart",
      title: "Revenue by month",
      chart: "bar",
      query: { measures: ["sales.revenue"], dimensions: ["date.month"], fillDates: true },
    },
    {
      kind: "chart",
      title: "Revenue by country",
      chart: "bar",
      query: { measures: ["sales.revenue"], dimensions: ["sales.country"], order: [{ member: "sales.revenue" }] },
    },
  ],
});

export default defineProject({
  name: "${name}",
  currency: "EUR",
  warehouse: { path: "./warehouse" },
  now: "latest",
  dimensions: [date],
  cubes: [sales],
  jobs: [orders],
  dashboards: [overview],
});
`;
