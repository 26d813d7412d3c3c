/** The years that a period can be chosen from. */
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";

const MOST = 8;

const yearIn = (text: string | undefined): number[] => {
  const year = Number(text?.slice(0, 4));
  return Number.isInteger(year) ? [year] : [];
};

/** The years of the declared calendars, newest first; without a calendar, the last three. */
export const yearsOf = ({ project, clock }: Services, reader: Reader): number[] => {
  const calendars = project.spec.dimensions.filter((dimension) => dimension.kind === "date");
  const first = calendars.flatMap((calendar) => yearIn(calendar.from));
  const last = calendars.flatMap((calendar) => yearIn(calendar.until));
  const published = Number(reader.manifest.publishedAt.slice(0, 4)) || clock().getUTCFullYear();
  const until = last.length > 0 ? Math.max(...last) : published;
  const from = Math.max(first.length > 0 ? Math.min(...first) : until - 2, until - MOST + 1);
  return Array.from({ length: until - from + 1 }, (_, i) => until - i);
};
