/** A JSON service on loopback whose answers a test writes. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly token: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
export interface Service {
  readonly url: string;
  readonly calls: Call[];
  stop(): Promise<void>;
}

export type Answer = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly text?: string;
};

export async function startService(answer: (call: Call) => Answer): Promise<Service> {
  const calls: Call[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    request
      .setEncoding("utf8")
      .on("data", (text: string) => {
        body += text;
      })
      .on("end", () => {
        const call = {
          method: request.method!,
          url: new URL(request.url!, "http://service"),
          token: request.headers.authorization,
          headers: request.headers,
          body,
        };
        calls.push(call);
        const { status = 200, headers = {}, json, text } = answer(call);
        response
          .writeHead(status, { "content-type": "application/json", ...headers })
          .end(text ?? JSON.stringify(json ?? {}));
      });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
