import http from 'node:http';

export interface Reply {
  status: number;
  body: Record<string, unknown>;
}

/** Nobody knows what has become of the request; `code` is the socket's, or `timeout`. */
export class NoAnswer extends Error {
  readonly retryable = true;
  constructor(readonly code: string) {
    super(`The shop did not answer: ${code}.`);
  }
}

/** What a client of the shop does: REST over connections that stay open, and a limit to its patience. */
export class ShopClient {
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: Infinity, noDelay: true });

  constructor(
    /** Asked for each request: a shop can have several processes. */
    private readonly url: () => string,
    readonly patienceMs: number,
  ) {}

  /** @throws NoAnswer when the connection breaks or the patience ends before the whole answer is there. */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const lost = (code: string) => {
        clearTimeout(limit);
        reject(new NoAnswer(code));
      };
      const limit = setTimeout(() => {
        lost('timeout');
        request.destroy();
      }, this.patienceMs);
      const json = bytes && { 'content-type': 'application/json', 'content-length': String(bytes.length) };
      const options = { method, agent: this.agent, headers: { ...json, ...headers } };
      const request = http.request(new URL(path, this.url()), options, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', (error) => lost(codeOf(error)));
        response.on('end', () => {
          clearTimeout(limit);
          resolve({ status: response.statusCode!, body: parse(Buffer.concat(parts).toString()) });
        });
      });
      request.on('error', (error) => lost(codeOf(error)));
      request.end(bytes);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.name;

function parse(text: string): Reply['body'] {
  try {
    return JSON.parse(text) as Reply['body'];
  } catch {
    return {};
  }
}
