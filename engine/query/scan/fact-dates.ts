/** The dates of one fact: days, levels and ranges along its date roles. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { required } from "../../lookup.ts";
import type { ColumnType } from "../../model/column-type.ts";
import { calendarOf, type CubeNode } from "../../model/catalog.ts";
import { isBridge, type Role } from "../../model/cube.ts";
import { isClock } from "../../model/time/calendar.ts";
import { all, binary, cast, column, dayLiteral, notNull, type Expr } from "../../sql/tree.ts";
import { checkColumn } from "../binding/check-column.ts";
import { levelOf, type RoleRef } from "../binding/member.ts";
import { tableOf } from "../binding/owner.ts";
import type { DayRange } from "../time/date-range.ts";
import { between } from "./comparison-operators.ts";
import type { CompileContext } from "./compile-context.ts";
import { midnightLiteral } from "./instants.ts";
import { FACT } from "./role-join.ts";

/** The column of a date role. */
export interface DateColumn {
  /** as stored, for comparisons that statistics can use */
  readonly bare: Expr;
  /** a date, or a local time in `zone` */
  readonly expr: Expr;
  readonly physical: ColumnType;
  /** the query's zone, else the calendar's */
  readonly zone: string;
}

/** The columns of one fact's date roles, in the query's zone. */
export class FactDates {
  readonly #context: CompileContext;
  readonly #cube: CubeNode;

  constructor(context: CompileContext, cube: CubeNode) {
    this.#context = context;
    this.#cube = cube;
  }

  /** @throws TesseraError `model-invalid` where the role is many-to-many, or its column is missing */
  column(name: string): DateColumn {
    const role = required(this.#cube.roles, name, "role");
    if (isBridge(role))
      throw new TesseraError("model-invalid", phrase`the date role ${name} cannot be many-to-many`, {
        place: `cube ${this.#cube.name}`,
      });
    this.checkColumn(name, role);
    const physical = this.#context.binding.factColumn(this.#cube, role.on) ?? { t: "date" };
    const bare = column(FACT, role.on);
    const zone = this.#context.timeZone ?? calendarOf(this.#context.catalog, name).timeZone;
    const expr: Expr = physical.t === "instant" ? { t: "local", of: bare, zone } : bare;
    return { expr, physical, bare, zone };
  }

  /** @throws TesseraError `model-invalid` where the column of a role is missing */
  checkColumn(name: string, role: Role): void {
    if (isBridge(role)) return;
    const place = `cube ${this.#cube.name}, role ${name}`;
    checkColumn(this.#context.binding, tableOf("cube", this.#cube.spec), role.on, `role ${name}`, place);
  }

  /** The day, as a DATE in the calendar's zone. */
  day(role: string): Expr {
    const { expr, physical } = this.column(role);
    return physical.t === "date" ? expr : cast(expr, "date");
  }

  /** A level of the date. @throws TesseraError `query-invalid` for a time of day where the fact has days only */
  level(ref: RoleRef): Expr {
    const level = levelOf(ref);
    const { expr, physical } = this.column(ref.role);
    if (isClock(level) && physical.t === "date")
      throw new TesseraError(
        "query-invalid",
        phrase`${ref.member} needs a time of day; ${this.#cube.name} has only days in ${ref.role}`,
        { place: ref.member, remedy: "use day or a longer period" },
      );
    if (level === "day" && physical.t === "date") return expr;
    return { t: "level", level, of: expr, calendar: calendarOf(this.#context.catalog, ref.role) };
  }

  /** Whether the day lies in a range, as a comparison of the bare column: statistics can then skip row groups. */
  inside(role: string, range: DayRange): Expr {
    const { physical, bare, zone } = this.column(role);
    if (physical.t === "date") return between(bare, range);
    const midnight = (day: number): Expr => (physical.t === "instant" ? midnightLiteral(day, zone) : dayLiteral(day));
    const parts = [
      Number.isFinite(range.from) ? binary(">=", bare, midnight(range.from)) : null,
      Number.isFinite(range.until) ? binary("<", bare, midnight(range.until + 1)) : null,
    ];
    return all(parts) ?? notNull(bare);
  }
}
