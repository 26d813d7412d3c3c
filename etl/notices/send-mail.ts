import { phrase, TesseraError } from "../../engine/errors/index.ts";
import type { EmailTarget } from "../declare/notice.ts";
import { resolveSetting, type Environment } from "../declare/secret.ts";
import { errorCode } from "../extract/error-code.ts";

const SMTP_WAIT = 20_000;
const PORT = 587;
const SECURE_PORT = 465;

/**
 * Sends plain text.
 * @throws TesseraError `project-invalid` for an invalid address, `source-unavailable`, `secret-missing`
 */
export async function sendMail(
  to: EmailTarget,
  subject: string,
  text: string,
  environment: Environment,
  place: string,
): Promise<void> {
  const address = resolveSetting(to.smtp, environment, place);
  if (!URL.canParse(address) || !/^smtps?:$/.test(new URL(address).protocol))
    throw new TesseraError("project-invalid", "invalid SMTP address", {
      place,
      remedy: "write it like smtp://user:password@host:587",
    });
  const { hostname, port, username, password, protocol } = new URL(address);
  const secure = protocol === "smtps:";
  const defaultPort = secure ? SECURE_PORT : PORT;
  // only host, port and account count: parameters of the address could make the library read files
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? defaultPort : Number(port),
    secure,
    connectionTimeout: SMTP_WAIT,
    greetingTimeout: SMTP_WAIT,
    socketTimeout: SMTP_WAIT,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(username !== "" && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  });
  try {
    await transport.sendMail({ from: to.from, to: [...to.to], subject: subject.replaceAll(/[\r\n]+/g, " "), text });
  } catch (error) {
    const responseCode = error instanceof Error && "responseCode" in error ? error.responseCode : undefined;
    const reason = responseCode ?? errorCode(error) ?? "no answer";
    throw new TesseraError(
      "source-unavailable",
      phrase`the mail server did not accept the message (${String(reason)})`,
      {
        place,
        remedy: "check the SMTP address, or try again later",
        cause: error,
      },
    );
  } finally {
    transport.close();
  }
}
