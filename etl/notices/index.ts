export { defineNotice, toEmail, type EmailTarget, type Notice, type NoticeSpec } from "../declare/notice.ts";
export { sendNotices, type SendOptions, type Told } from "./send-notices.ts";
export { noticesOf } from "../declare/project-parts.ts";
export { freshnessOf, troublesOf, type Freshness, type Trouble } from "./troubles.ts";
