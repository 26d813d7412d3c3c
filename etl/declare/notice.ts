/** Notices: who is told when a load fails or data grows stale. */
import type { WebhookTarget } from "./destination.ts";
import type { Setting } from "./secret.ts";

/** Plain text by SMTP. */
export interface EmailTarget {
  readonly kind: "email";
  /** `smtp://user:password@host:587` or `smtps://…` */
  readonly smtp: Setting;
  readonly from: string;
  readonly to: readonly string[];
}

export const toEmail = (spec: Omit<EmailTarget, "kind">): EmailTarget =>
  Object.freeze({ ...spec, kind: "email" as const });

export interface NoticeSpec {
  readonly name: string;
  /** `failed`: the job's last run failed; `stale`: its last good one is older than the job's `freshWithin` */
  readonly on: readonly ("failed" | "stale")[];
  /** names of jobs; all without it */
  readonly jobs?: readonly string[];
  readonly to: EmailTarget | WebhookTarget;
}
export type Notice = NoticeSpec & { readonly kind: "notice" };

/**
 * Declares a notice. Each trouble is told once; while a setting of the target is not set, what would be told is written to `outbox/notices.ndjson`.
 * @example defineNotice({ name: "night_watch", on: ["failed", "stale"], to: toEmail({ smtp: env("SMTP_URL"), from: "tessera@example.com", to: ["data@example.com"] }) })
 */
export const defineNotice = (spec: NoticeSpec): Notice => Object.freeze({ ...spec, kind: "notice" as const });
