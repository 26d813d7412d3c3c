/** All rows of a query as a SELECT, without order and limit: what tables are made of. */
import { present } from "../../lookup.ts";
import type { Query } from "../../model/query.ts";
import type { Printed } from "../../sql/printer.ts";
import type { Select } from "../../sql/tree.ts";
import { parseQuery } from "../language/parse-query.ts";
import type { ResolveContext } from "../resolve/resolve-context.ts";
import { resolveQuery } from "../resolve/resolve.ts";
import { compileQuery } from "./compile.ts";
import type { Compiled } from "./compiled.ts";
import type { PlanContext } from "./plan-context.ts";

/** A planned query as one SELECT. */
export interface WholeAnswer {
  readonly compiled: Compiled;
  readonly select: Select;
  readonly printed: Printed;
  /** the column of a measure that the query asks for */
  readonly columnOf: (measure: string) => string;
}

/** Plans a query for all its rows. @throws TesseraError for anything wrong with the query */
export function wholeAnswer(
  query: Query,
  { resolve, plan }: { readonly resolve: ResolveContext; readonly plan: PlanContext },
): WholeAnswer {
  const resolved = resolveQuery(parseQuery(query), resolve);
  const compiled = compileQuery({ ...resolved, limit: Number.POSITIVE_INFINITY }, plan);
  const { orderBy: _, limit: __, ...select } = compiled.select;
  return {
    compiled,
    select,
    printed: plan.print(select),
    columnOf: (measure) =>
      present(
        compiled.values.find((v) => v.name === measure),
        measure,
      ).column,
  };
}
