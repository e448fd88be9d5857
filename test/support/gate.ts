import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

interface GateCall {
  /** `POST /charges` */
  route: string;
  idempotencyKey: string;
}

/** Calls of one route that are kept from the provider. */
export interface Hold {
  /** Resolves when the first call waits. */
  arrived: Promise<void>;
  /** Lets the calls that wait, and all later ones, through. */
  release(): void;
}

/** Stands between the shop and its providers, so that a test and not the clock decides when a call gets through. */
export class Gate {
  /** Every call, in the order of arrival. */
  readonly calls: GateCall[] = [];
  private readonly holds = new Map<string, { arrive(): void; released: Promise<void> }>();
  private readonly lost = new Map<string, number>();

  private constructor(
    private readonly target: string,
    private readonly server: http.Server,
  ) {}

  static async open(target: string): Promise<Gate> {
    const server = http.createServer((request, response) => {
      gate.pass(request, response).catch(() => response.destroy());
    });
    const gate = new Gate(target, server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Keeps the calls of a route, `POST /charges`, waiting: the provider does not see them. */
  hold(route: string): Hold {
    let arrive!: () => void;
    let open!: () => void;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const released = new Promise<void>((resolve) => (open = resolve));
    this.holds.set(route, { arrive, released });
    return {
      arrived,
      release: () => {
        this.holds.delete(route);
        open();
      },
    };
  }

  /** The provider does what the next calls of a route ask for, but its answers do not come back. */
  loseAnswers(route: string, count: number): void {
    this.lost.set(route, count);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const route = `${method} /${url.split(/[/?]/)[1]}`;
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const idempotencyKey = String(headers['idempotency-key'] ?? '');
    this.calls.push({ route, idempotencyKey });
    const hold = this.holds.get(route);
    hold?.arrive();
    await hold?.released;
    const answer = await fetch(new URL(url, this.target), {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: parts.length > 0 ? Buffer.concat(parts) : undefined,
    });
    const body = await answer.text();
    const left = this.lost.get(route) ?? 0;
    this.lost.set(route, left - 1);
    if (left > 0) response.destroy();
    else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body);
  }
}
