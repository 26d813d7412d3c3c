/** All rows of a query as a SELECT, without order and limit: what tables are made of. */
import { printDuckdb, type Printed } from "../../sql/print-duckdb.ts";
import type { Select } from "../../sql/tree.ts";
import { compileQuery } from "./compile.ts";
import type { Compiled } from "./compiled.ts";
import { parseQuery } from "../language/parse-query.ts";
import type { Query } from "../../model/query.ts";
import { resolveQuery, type ResolveContext } from "../resolve/resolve.ts";
import type { PlanContext } from "./plan-context.ts";

export interface WholeAnswer {
  readonly compiled: Compiled;
  readonly select: Select;
  readonly printed: Printed /** the column of a measure */;
  readonly columnOf: (measure: string) => string;
}

export function wholeAnswer(
  query: Query,
  { resolve, subplan }: { readonly resolve: ResolveContext; readonly subplan: PlanContext },
): WholeAnswer {
  const compiled = compileQuery(
    { ...resolveQuery(parseQuery(query), resolve), limit: Number.MAX_SAFE_INTEGER - 1 },
    subplan,
  );
  const { orderBy: _, limit: __, ...select } = compiled.select;
  return {
    compiled,
    select,
    printed: printDuckdb(select),
    columnOf: (measure) => compiled.values.find((v) => v.name === measure)!.column,
  };
}
