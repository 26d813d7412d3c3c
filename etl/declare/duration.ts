/** A length of time; the parts add up. @example { hours: 1, minutes: 30 } */
export interface Duration {
  /** days of 24 hours; default 0 */
  readonly days?: number;
  /** default 0 */
  readonly hours?: number;
  /** default 0 */
  readonly minutes?: number;
  /** default 0 */
  readonly seconds?: number;
}

/** The duration in milliseconds. */
export const milliseconds = ({ days = 0, hours = 0, minutes = 0, seconds = 0 }: Duration): number =>
  (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
