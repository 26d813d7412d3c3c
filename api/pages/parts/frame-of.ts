/** What the frame of a page shows, from the services of the request. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { Manifest } from "../../../engine/warehouse/version.ts";
import { assets } from "../../assets/assets.ts";
import { freshnessOfData } from "../../services/freshness.ts";
import type { Services } from "../../services/services.ts";
import type { Frame } from "./layout.tsx";
import { navigation } from "./navigation.ts";

/** The project's title, else its name with a capital. */
export const projectTitle = ({ project }: Services): string =>
  project.spec.title ?? project.spec.name.replace(/^./, (letter) => letter.toUpperCase());

const manifestOf = ({ project }: Services): Manifest | null => {
  try {
    return project.manifest();
  } catch (error) {
    if (error instanceof TesseraError) return null;
    throw error;
  }
};

/** @param active the address of the navigation entry that is current @param manifest default the current version's */
export const frameOf = async (
  services: Services,
  title: string,
  active: string,
  manifest?: Manifest,
): Promise<Frame> => {
  const shown = manifest ?? manifestOf(services);
  return {
    title,
    active,
    project: projectTitle(services),
    groups: navigation(services),
    assets: await assets(),
    manifest: shown,
    freshness: shown === null ? null : await freshnessOfData(shown, services),
    now: services.clock(),
    zone: services.project.spec.timeZone ?? "UTC",
    words: services.words,
  };
};
