/** What every part of a page may need to know: the time, its zone, and how old the data is. `Layout` provides it. */
import { createContext, useContext } from "hono/jsx";
import type { Freshness } from "../../services/freshness.ts";

export interface Setting {
  readonly now: Date;
  /** IANA zone in which instants are shown */
  readonly zone: string;
  /** of the data; null before the first load */
  readonly version: number | null;
  /** null before the first load */
  readonly freshness: Freshness | null;
}

const Context = createContext<Setting>({ now: new Date(0), zone: "UTC", version: null, freshness: null });

/** Provides the setting to all components below it. */
export const SettingProvider = Context.Provider;

/** The setting of the page being rendered. Only components may call it. */
export const useSetting = (): Setting => useContext(Context);
