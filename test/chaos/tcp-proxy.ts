import { once } from 'node:events';
import net from 'node:net';

/** What a line does: `cut` refuses and ends connections, `blackhole` keeps them and lets nothing through. */
export type Line = 'up' | 'cut' | 'blackhole' | { delayMs: number };

interface Pair {
  client: net.Socket;
  server: net.Socket;
}

/** A line between the shop and a server on loopback that can be disturbed. */
export class TcpProxy {
  private state: Line = 'up';
  private readonly pairs = new Set<Pair>();
  private disturbed = 0;

  private constructor(
    private readonly server: net.Server,
    private readonly targetPort: () => number,
  ) {}

  /** `targetPort` is asked for each connection. */
  static async listen(port: number, targetPort: () => number): Promise<TcpProxy> {
    const server = net.createServer((client) => proxy.accept(client));
    const proxy = new TcpProxy(server, targetPort);
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }

  /** How many connections the present disturbance has met. */
  get met(): number {
    return this.disturbed;
  }

  /** Disturbs the line, or heals it: what was held in a blackhole arrives then, as TCP would send it again. */
  set(line: Line): void {
    this.state = line;
    this.disturbed = this.pairs.size;
    for (const pair of this.pairs) {
      if (line === 'cut') end(pair);
      else if (!pair.server.connecting) this.flow(pair);
    }
  }

  async close(): Promise<void> {
    for (const pair of this.pairs) end(pair);
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: net.Socket): void {
    client.on('error', () => client.destroy());
    this.disturbed++;
    if (this.state === 'cut') return void client.resetAndDestroy();
    const server = net.connect({ host: '127.0.0.1', port: this.targetPort(), noDelay: true });
    const pair = { client: client.setNoDelay(true), server };
    this.pairs.add(pair);
    this.join(client, server, pair);
    this.join(server, client, pair);
    client.pause();
    server.once('connect', () => this.flow(pair));
  }

  private flow({ client, server }: Pair): void {
    for (const socket of [client, server])
      if (this.state === 'blackhole') socket.pause();
      else socket.resume();
  }

  private join(from: net.Socket, to: net.Socket, pair: Pair): void {
    from.on('data', (bytes) => {
      const write = () => {
        if (!to.writable || to.write(bytes)) return;
        from.pause();
        to.once('drain', () => this.state !== 'blackhole' && from.resume());
      };
      // One length of delay for all keeps the bytes in order.
      if (typeof this.state === 'object') setTimeout(write, this.state.delayMs);
      else write();
    });
    from.on('error', () => end(pair));
    from.on('close', () => {
      end(pair);
      this.pairs.delete(pair);
    });
  }
}

function end({ client, server }: Pair): void {
  client.destroy();
  server.destroy();
}
