import { randomInt } from 'node:crypto';
import net from 'node:net';

const LOOPBACK = '127.0.0.1';

/** Below the ports that Linux and macOS give to outgoing connections: one of those could take it before it is used. */
const LOWEST = 15_000;
const HIGHEST = 32_000;

/** A port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
}

/** Whether a server could listen on the port now. */
export function isFree(port: number, host: string = LOOPBACK): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer().once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

/** The wanted port when it is free, so that addresses stay the same from start to start; else any other. */
export async function portLike(wanted: number | undefined): Promise<number> {
  return wanted && (await isFree(wanted)) ? wanted : freePort();
}
