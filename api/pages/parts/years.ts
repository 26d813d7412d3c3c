/** The years that a period can be chosen from: those of the declared calendar, else the last three. */
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";

const MOST = 8;

export const yearsOf = ({ project, clock }: Services, reader: Reader): number[] => {
  const dates = project.spec.dimensions.filter((d) => d.kind === "date");
  const first = dates
    .map((d) => Number(d.from?.slice(0, 4)))
    .filter(Number.isInteger)
    .sort((a, b) => a - b)[0];
  const last = dates
    .map((d) => Number(d.until?.slice(0, 4)))
    .filter(Number.isInteger)
    .sort((a, b) => b - a)[0];
  const until = last ?? (Number(reader.manifest.publishedAt.slice(0, 4)) || clock().getUTCFullYear());
  const from = Math.max(first ?? until - 2, until - MOST + 1);
  return Array.from({ length: until - from + 1 }, (_, i) => until - i);
};
