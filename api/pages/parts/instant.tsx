/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Instants, in the project's zone and with its name. */
import { formatDate } from "../../charts/index.ts";
import { useSetting } from "./setting.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

const formatFor = (zone: string): Intl.DateTimeFormat => {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZoneName: "short",
    });
    formats.set(zone, format);
  }
  return format;
};

/** `1 Dec 2026, 06:01 CET`. @param iso an ISO instant; other text is returned unchanged */
export const formatInstant = (iso: string, zone: string): string => {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const parts = new Map(
    formatFor(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  const day = formatDate(`${of("year")}-${of("month")}-${of("day")}`);
  return `${day}, ${of("hour")}:${of("minute")} ${of("timeZoneName")}`;
};

/** An instant in the project's zone; the exact one shows on hover. */
export const Instant = ({ at }: { readonly at: string }) => (
  <time datetime={at} title={at} class="nowrap">
    {formatInstant(at, useSetting().zone)}
  </time>
);
