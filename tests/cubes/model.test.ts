import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as crm from "../../cubes/index.ts";
import { resolveModel } from "../../engine/model/resolve-model.ts";
import project from "../../etl/demo/tessera.config.ts";

const readme = readFileSync(new URL("../../cubes/README.md", import.meta.url), "utf8");
const { catalog, problems } = resolveModel(project);
const fieldsOf = (filters: readonly unknown[]): string[] =>
  JSON.stringify(filters)
    .match(/"member":"[^"]+"/g)
    ?.map((text) => text.slice(10, -1)) ?? [];

/**
 * Whether a member is one that a query may name: a cube's measure or attribute, a role's attribute, or a date role
 * itself.
 */
const known = (member: string): boolean => {
  const [first, second] = member.split(".") as [string, string | undefined];
  const cube = catalog.cubes.get(first);
  const role = catalog.roles.get(first);
  if (second === undefined) return role !== undefined;
  return cube !== undefined
    ? cube.measures.has(second) || cube.attributes.has(second)
    : role !== undefined &&
        (role.dimension.attributes.has(second) ||
          Object.values(crm.models).some((model) =>
            (Object.values("as" in model ? model.as : {}) as readonly string[]).includes(second),
          ));
};

describe("the CRM's declarations", () => {
  it("make a model without problems", () => {
    expect(problems).toEqual([]);
  });

  it("give every measure and every role's attributes a title", () => {
    for (const cube of project.cubes) {
      expect(cube.title, cube.name).toMatch(/^[A-Z\d]/);
      expect(cube.description, cube.name).toMatch(/^[A-Z].*[.:]$/s);
      for (const [name, measure] of Object.entries(cube.measures))
        expect(measure.title, `${cube.name}.${name}`).toMatch(/^[A-Z\d]/);
    }
  });

  it("treat a rise of costs, returns, complaints and delays as bad", () => {
    for (const member of [
      "sales.cost",
      "sales.returns",
      "sales.return_rate",
      "sales.late_rate",
      "service.cases",
      "service.cost",
      "service.first_answer",
      "service.complaints",
      "spend.actual",
      "tasks.overdue",
      "programme.cost",
      "loads.rows_rejected",
      "satisfaction.detractors",
    ]) {
      const [cube, measure] = member.split(".") as [string, string];
      const declared = project.cubes.find((each) => each.name === cube)!.measures as {
        readonly [name: string]: { readonly better?: string };
      };
      expect(declared[measure]?.better, member).toBe("down");
    }
  });

  it("match the README's bus matrix", () => {
    for (const cube of project.cubes) {
      const row = readme.split("\n").find((line) => line.startsWith(`| \`${cube.name}\``));
      expect(row, cube.name).toBeDefined();
      const dots = (row!.match(/•/g) ?? []).length;
      const own = Object.keys(cube.dimensions).filter((role) =>
        ["date", "customer", "product", "channel", "campaign", "salesperson", "topic"].includes(role),
      );
      expect(dots, cube.name).toBe(own.length);
      for (const role of Object.keys(cube.dimensions).filter((each) => !own.includes(each)))
        expect(row, cube.name).toContain(role);
    }
  });

  it("use only existing members in segments, goals and dashboards", () => {
    const named = [
      ...crm.segments.flatMap((segment) => fieldsOf(segment.filters)),
      ...crm.goals.map((goal) => goal.measure),
      ...crm.dashboards.flatMap((dashboard) => [
        ...((dashboard as { filters?: readonly string[] }).filters ?? []),
        ...dashboard.tiles.flatMap((tile) => {
          if (tile.kind === "kpi")
            return [tile.measure, ...("target" in tile && typeof tile.target === "string" ? [tile.target] : [])];
          const query = tile.query as { readonly measures: readonly string[]; readonly dimensions?: readonly string[] };
          return [...query.measures, ...(query.dimensions ?? [])];
        }),
      ]),
      ...crm.models.flatMap((model) => {
        if ("features" in model) return model.features;
        return "value" in model ? [model.value] : [];
      }),
    ];
    expect(named.length).toBeGreaterThan(150);
    expect(named.filter((member) => !known(member))).toEqual([]);
  });

  it("name each dashboard, goal, segment and model once", () => {
    for (const list of [crm.dashboards, crm.goals, crm.segments, crm.models]) {
      const names = list.map((each) => each.name);
      expect(new Set(names).size).toBe(names.length);
    }
    expect(crm.dashboards.map((dashboard) => dashboard.name)).toEqual(
      expect.arrayContaining(["overview", "sales", "service", "marketing"]),
    );
  });
});
