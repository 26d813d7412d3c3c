/** The frame of a page from the services of the request. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { Manifest } from "../../../engine/warehouse/version.ts";
import { assets } from "../../assets/assets.ts";
import type { Services } from "../../http/services.ts";
import type { Frame } from "./layout.tsx";
import { navigation } from "./navigation.ts";

export const projectTitle = ({ project }: Services): string =>
  project.spec.title ?? project.spec.name.replace(/^./, (c) => c.toUpperCase());

const manifestOf = ({ project }: Services): Manifest | null => {
  try {
    return project.manifest();
  } catch (error) {
    if (error instanceof TesseraError) return null;
    throw error;
  }
};

export const frameOf = async (
  services: Services,
  title: string,
  active: string,
  manifest?: Manifest,
): Promise<Frame> => ({
  title,
  active,
  project: projectTitle(services),
  groups: navigation(services),
  assets: await assets(),
  manifest: manifest ?? manifestOf(services),
  now: services.clock(),
});
