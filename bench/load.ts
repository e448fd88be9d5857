import http from 'node:http';

/** What came of a load: answers by status, and how long it took. */
export interface Answered {
  perSecond: number;
  orders: number;
  seconds: number;
}

/** Posts a body as JSON; resolves to the answer. */
export function post<T>(agent: http.Agent, url: string, body: unknown): Promise<{ status: number; body: T }> {
  const payload = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode!, body: JSON.parse(Buffer.concat(parts).toString()) as T }),
      );
    });
    request.on('error', reject);
    request.end(payload);
  });
}

const order = (userId: string) => ({
  userId,
  currency: 'EUR',
  lines: [
    { sku: 'tea-green', quantity: 2, unitPrice: 450 },
    { sku: 'cup-white', quantity: 1, unitPrice: 900 },
  ],
});

/** Orders over so many connections, each sending its next when the last is answered. @throws when one is refused. */
export async function placeOrders(url: string, connections: number, milliseconds: number): Promise<Answered> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  try {
    const users = await Promise.all(
      Array.from({ length: connections }, async (_, n) => {
        const user = { name: 'Ada', email: `ada-${n}-${Date.now()}@example.org` };
        return (await post<{ id: string }>(agent, `${url}/users`, user)).body.id;
      }),
    );
    const began = performance.now();
    let orders = 0;
    const connection = async (userId: string) => {
      while (performance.now() - began < milliseconds) {
        const { status, body } = await post(agent, `${url}/orders`, order(userId));
        if (status !== 201) throw new Error(`An order was answered with ${status}: ${JSON.stringify(body)}`);
        orders++;
      }
    };
    await Promise.all(users.map(connection));
    const seconds = (performance.now() - began) / 1000;
    return { perSecond: orders / seconds, orders, seconds };
  } finally {
    agent.destroy();
  }
}
