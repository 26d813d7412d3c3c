/** Notices: who is informed when a load fails or data becomes stale. */
import type { WebhookTarget } from "./destination.ts";
import type { Setting } from "./secret.ts";

/** Plain text by SMTP. */
export interface EmailTarget {
  readonly kind: "email";
  /** `smtp://user:password@host:587` or `smtps://…` */
  readonly smtp: Setting;
  /** sender's address */
  readonly from: string;
  /** recipients' addresses */
  readonly to: readonly string[];
}

/**
 * A target for e-mail.
 * @example toEmail({ smtp: env("SMTP_URL"), from: "tessera@example.com", to: ["data@example.com"] })
 */
export const toEmail = (spec: Omit<EmailTarget, "kind">): EmailTarget =>
  Object.freeze({ ...spec, kind: "email" as const });

/** A notice as users write it. */
export interface NoticeSpec {
  /** unique in the project */
  readonly name: string;
  /** `failed`: the job's last run failed; `stale`: its last successful run is older than the job's `freshWithin` */
  readonly on: readonly ("failed" | "stale")[];
  /** names of jobs; default all */
  readonly jobs?: readonly string[];
  readonly to: EmailTarget | WebhookTarget;
}

/** Made by `defineNotice`. */
export type Notice = NoticeSpec & { readonly kind: "notice" };

/**
 * Declares a notice. Each trouble is reported once. While an environment variable of the target is not set, notices are
 * written to `outbox/notices.ndjson` instead.
 * @example
 * defineNotice({
 *   name: "night_watch",
 *   on: ["failed", "stale"],
 *   to: toEmail({ smtp: env("SMTP_URL"), from: "tessera@example.com", to: ["data@example.com"] }),
 * })
 */
export const defineNotice = (spec: NoticeSpec): Notice => Object.freeze({ ...spec, kind: "notice" as const });
