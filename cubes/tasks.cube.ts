import { avg, calculated, count, defineCube, sum } from "../engine/index.ts";
import { customer, date, salesperson } from "./dimensions/index.ts";

const yes = (member: string) => [{ member, operator: "equals" as const, values: [true] }];

export const tasks = defineCube({
  name: "tasks",
  title: "Tasks",
  description: "Tasks of salespeople for customers, dated by the day they were set.",
  table: "fact_tasks",
  grain: ["task_id"],
  dimensions: {
    date: { to: date, on: "created_on", title: "Set on" },
    due_date: { to: date, on: "due_on", title: "Due on" },
    done_date: { to: date, on: "done_on", title: "Done on" },
    customer: { to: customer, on: "customer_id" },
    salesperson: { to: salesperson, on: "salesperson_id" },
  },
  attributes: {
    kind: { sql: "task_kind", title: "Kind of task", description: "call, visit, follow-up, quote or renewal" },
    status: { sql: "task_status", title: "Task status", description: "open or done" },
    is_overdue: { sql: "is_overdue", title: "Overdue", type: "boolean" },
    done_late: { sql: "done_late", title: "Done after the day due", type: "boolean" },
  },
  measures: {
    tasks: count({ title: "Tasks", format: "integer" }),
    open: count({
      title: "Open tasks",
      format: "integer",
      better: "down",
      where: [{ member: "tasks.status", operator: "equals", values: ["open"] }],
    }),
    done: count("done_on", { title: "Tasks done", format: "integer" }),
    overdue: count({ title: "Overdue tasks", format: "integer", better: "down", where: yes("tasks.is_overdue") }),
    late: count({ title: "Done late", format: "integer", better: "down", where: yes("tasks.done_late") }),
    done_rate: calculated("done / tasks", { title: "Done rate", format: "percent" }),
    on_time_rate: calculated("(done - late) / tasks", { title: "Done in time", format: "percent" }),
    minutes: sum("minutes", { title: "Time spent", format: "minutes" }),
    days: avg("days_to_done", { title: "Days to done", format: "days", better: "down" }),
  },
});
