/** The catalog as plain JSON for callers. */
import type { Measure } from "../../model/measure.ts";
import { isPeriod } from "../../model/time/calendar.ts";
import { titleOf, type AttributeNode } from "../../model/catalog.ts";
import type { AttributeView, CatalogView, MeasureView } from "../../model/catalog-view.ts";
import { labelOf, keyAttribute } from "../binding/member.ts";
import type { Engine } from "../answer/engine.ts";
import { formulaConcealed } from "./concealed.ts";
import { formulaOf } from "./formula-text.ts";

/** The model as the caller sees it, for pages, clients and tools. */
export function catalogView(engine: Engine): CatalogView {
  const { catalog, binding } = engine;
  const whole = engine.context("as_is", null, engine.now()).plan.catalog;
  const { project } = catalog;
  const attribute = (
    owner: string,
    node: AttributeNode,
    type: AttributeView["type"],
    more: Partial<AttributeView> = {},
  ): AttributeView => ({
    member: `${owner}.${node.name}`,
    name: node.name,
    title: node.title,
    type,
    ...(node.description !== undefined && { description: node.description }),
    ...(node.source.t === "level" &&
      (isPeriod(node.name) || node.name === "hour" || node.name === "minute") && { level: node.name }),
    ...(node.source.t === "label" && { model: node.source.model }),
    ...((node.bins !== undefined || node.order !== undefined) && { isOrdered: true }),
    ...(node.order && { order: node.order }),
    ...more,
  });
  return {
    name: project.name,
    title: project.title ?? titleOf(project.name),
    ...(project.currency !== undefined && { currency: project.currency }),
    roles: [...catalog.roles.values()].map((role) => ({
      name: role.name,
      dimension: role.dimension.name,
      title: role.title,
      ...(role.dimension.spec.description !== undefined && { description: role.dimension.spec.description }),
      kind: role.dimension.calendar ? ("date" as const) : ("dimension" as const),
      attributes: [...role.dimension.attributes.values()].map((node) =>
        attribute(role.name, node, binding.attributeType(node, { dimension: role.dimension }), {
          ...(!role.dimension.calendar && labelOf(role.dimension) === node.name && { isLabel: true }),
          ...(!role.dimension.calendar && keyAttribute(role.dimension) === node.name && { isKey: true }),
        }),
      ),
      hierarchies: Object.fromEntries(
        [...role.dimension.hierarchies].map(([name, levels]) => [name, levels.map((level) => `${role.name}.${level}`)]),
      ),
      cubes: role.cubes,
    })),
    cubes: [...catalog.cubes.values()].map((cube) => ({
      name: cube.name,
      title: cube.title,
      ...(cube.spec.description !== undefined && { description: cube.spec.description }),
      grain: cube.spec.grain ?? [],
      roles: [...cube.roles.keys()],
      attributes: [...cube.attributes.values()].map((node) =>
        attribute(cube.name, node, binding.attributeType(node, { cube })),
      ),
      measures: [...cube.measures.values()].map(
        (node): MeasureView => ({
          member: node.member,
          name: node.name,
          title: node.title,
          ...(node.spec.description !== undefined && { description: node.spec.description }),
          format: node.format,
          better: node.spec.better ?? "up",
          kind: kindOf(node.spec),
          ...(node.spec.ripens && { ripensDays: node.spec.ripens.days }),
          formula: formulaConcealed(node, catalog, whole) ? node.member : formulaOf(node),
        }),
      ),
    })),
    segments: (project.segments ?? []).map((s) => ({
      name: s.name,
      title: s.title ?? titleOf(s.name),
      ...(s.description !== undefined && { description: s.description }),
      over: s.over,
    })),
    dashboards: (project.dashboards ?? []).map((d) => ({
      name: d.name,
      title: d.title,
      ...(d.description !== undefined && { description: d.description }),
    })),
    models: (project.models ?? []).map((m) => ({
      name: m.name,
      title: m.title ?? titleOf(m.name),
      technique: m.technique,
      over: m.over,
    })),
  };
}

/** What a measure does: its aggregate, its change of time, or its kind. */
function kindOf(spec: Measure): MeasureView["kind"] {
  if (spec.kind === "aggregate") return spec.aggregate;
  return spec.kind === "time" ? spec.change.type : spec.kind;
}
