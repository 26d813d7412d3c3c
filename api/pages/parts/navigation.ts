/** The navigation: pages for which the project declares something. */
import { CUSTOMER_ROLE } from "../../services/customers/customer-model.ts";
import type { Services } from "../../services/services.ts";
import type { IconName } from "./icon.tsx";

export interface NavigationItem {
  readonly href: string;
  readonly title: string;
  readonly icon: IconName;
}

export interface NavigationGroup {
  readonly title: string;
  readonly items: readonly NavigationItem[];
}

const declares = (list: readonly unknown[] | undefined): boolean => (list ?? []).length > 0;

export const navigation = ({ project, words }: Services): readonly NavigationGroup[] => {
  const { spec } = project;
  const { groups, pages } = words.frame;
  const hasCustomers = spec.cubes.some((cube) => cube.dimensions[CUSTOMER_ROLE]?.to.kind === "dimension");
  const entry = (name: keyof typeof pages & IconName, shown: boolean): NavigationItem[] =>
    shown ? [{ href: `/${name}`, title: pages[name], icon: name }] : [];
  const dashboards = (spec.dashboards ?? []).map(({ name, title }, i): NavigationItem => {
    const href = i === 0 ? "/" : `/dashboards/${encodeURIComponent(name)}`;
    return { href, title, icon: "dashboard" };
  });
  const analyse = [
    ...entry("explore", spec.cubes.length > 0),
    ...entry("customers", hasCustomers),
    ...entry("segments", declares(spec.segments) || declares(spec.models)),
    ...entry("campaigns", declares(spec.experiments)),
    ...entry("lists", declares(spec.destinations)),
    ...entry("channels", declares(spec.allocations)),
  ];
  const behind = [
    ...entry("programme", declares(spec.goals)),
    ...entry("data", declares(spec.jobs)),
    ...entry("model", true),
    ...entry("docs", true),
  ];
  return [
    { title: groups.dashboards, items: dashboards },
    { title: groups.analyse, items: analyse },
    { title: groups.behind, items: behind },
  ].filter((group) => group.items.length > 0);
};
