/** A server between a load and its source, which cuts or stalls connections. */
import { createConnection, createServer, type AddressInfo, type Socket } from "node:net";

/** Passes bytes on; cuts the n-th connection after `cuts[n]` bytes, or stalls every one after `stall`. */
export async function startProxy(
  target: string,
  cuts: readonly number[],
  stall = Number.POSITIVE_INFINITY,
): Promise<{ url: string; connections: () => number; stop: () => Promise<void> }> {
  const { port, hostname } = new URL(target);
  const sockets = new Set<Socket>();
  let connections = 0;
  const proxy = createServer((client) => {
    const cut = cuts[connections++] ?? Number.POSITIVE_INFINITY;
    const upstream = createConnection(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    let passed = 0;
    client.pipe(upstream);
    upstream.on("data", (piece: Buffer) => {
      passed += piece.length;
      if (passed > cut) return void client.destroy();
      if (passed < stall) client.write(piece);
    });
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const url = new URL(target);
  url.port = String((proxy.address() as AddressInfo).port);
  return {
    url: url.href,
    connections: () => connections,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => proxy.close(done));
    },
  };
}
