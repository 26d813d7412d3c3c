/** The navigation: only what exists in this project. */
import type { Services } from "../../http/services.ts";
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

/** The role that a customer's page is about: `customer`, where a cube has it. */
export const CUSTOMER_ROLE = "customer";

export const navigation = ({ project }: Services): readonly NavigationGroup[] => {
  const { spec } = project;
  const dashboards = spec.dashboards ?? [];
  const hasCustomers = spec.cubes.some((cube) => cube.dimensions[CUSTOMER_ROLE]?.to.kind === "dimension");
  const groups: NavigationGroup[] = [
    {
      title: "Dashboards",
      items: dashboards.map((d, i) => ({
        href: i === 0 ? "/" : `/dashboards/${encodeURIComponent(d.name)}`,
        title: d.title,
        icon: "dashboard" as const,
      })),
    },
    {
      title: "Analyse",
      items: [
        ...(spec.cubes.length > 0 ? [{ href: "/explore", title: "Explore", icon: "explore" as const }] : []),
        ...(hasCustomers ? [{ href: "/customers", title: "Customers", icon: "customers" as const }] : []),
        ...((spec.segments ?? []).length > 0 || (spec.models ?? []).length > 0
          ? [{ href: "/segments", title: "Segments", icon: "segments" as const }]
          : []),
        ...((spec.experiments ?? []).length > 0
          ? [{ href: "/campaigns", title: "Campaigns", icon: "campaigns" as const }]
          : []),
        ...((spec.destinations ?? []).length > 0 ? [{ href: "/lists", title: "Lists", icon: "lists" as const }] : []),
        ...((spec.allocations ?? []).length > 0
          ? [{ href: "/channels", title: "Channels", icon: "channels" as const }]
          : []),
      ],
    },
    {
      title: "Behind it",
      items: [
        ...((spec.goals ?? []).length > 0
          ? [{ href: "/programme", title: "Programme", icon: "dashboard" as const }]
          : []),
        ...((spec.jobs ?? []).length > 0 ? [{ href: "/data", title: "Data", icon: "data" as const }] : []),
        { href: "/model", title: "Model", icon: "model" },
        { href: "/docs", title: "API", icon: "docs" },
      ],
    },
  ];
  return groups.filter((g) => g.items.length > 0);
};
