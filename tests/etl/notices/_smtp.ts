import { createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A mail server on loopback: takes one account, keeps what it is given. */
export async function startSmtp(): Promise<{
  readonly port: number;
  readonly mails: string[];
  readonly logins: string[];
  stop(): Promise<void>;
}> {
  const mails: string[] = [];
  const logins: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    let data: string | null = null;
    let rest = "";
    socket.write("220 loopback ESMTP\r\n");
    socket
      .on("error", () => undefined)
      .on("data", (chunk) => {
        rest += chunk.toString("utf8");
        for (;;) {
          const end = rest.indexOf("\r\n");
          if (end < 0) return;
          const line = rest.slice(0, end);
          rest = rest.slice(end + 2);
          if (data !== null) {
            if (line === ".") {
              mails.push(data);
              data = null;
              socket.write("250 taken\r\n");
            } else data += `${line}\n`;
          } else if (/^EHLO/i.test(line)) socket.write("250-loopback\r\n250 AUTH PLAIN\r\n");
          else if (/^AUTH PLAIN/i.test(line)) {
            const who = Buffer.from(line.slice(11), "base64").toString().split("\0").slice(1).join(":");
            logins.push(who);
            socket.write(who === "robot:p4ssword" ? "235 welcome\r\n" : "535 no\r\n");
          } else if (/^DATA/i.test(line)) {
            data = "";
            socket.write("354 go on\r\n");
          } else if (/^QUIT/i.test(line)) {
            socket.end("221 bye\r\n");
          } else socket.write("250 fine\r\n");
        }
      });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    logins,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
