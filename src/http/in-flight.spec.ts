import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { openTinyShop, waiting, type OpenTinyShop } from '../../test/support/tiny-shop.js';
import { Admission } from './admission.js';
import { InFlight } from './in-flight.js';

describe('a client that hangs up', () => {
  let shop: OpenTinyShop;
  beforeAll(async () => {
    shop = await openTinyShop();
    waiting.clear();
  });
  afterAll(() => shop.app.close());

  const inFlight = () => shop.app.get(InFlight).count;
  const send = (bytes: string) => {
    const { port } = shop.app.getHttpServer().address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.write(bytes);
    return socket;
  };

  it('in the middle of its body leaves nothing in flight', async () => {
    const head = 'POST /orders HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n';
    const socket = send(`${head}{"userId":`);
    await until(() => inFlight() === 1);
    socket.destroy();
    await until(() => inFlight() === 0);
  });

  it('while the shop works for it does not end the work, which is in flight until it is done', async () => {
    const accepted = once(shop.app.getHttpServer(), 'connection') as Promise<[Socket]>;
    const socket = send('POST /slow HTTP/1.1\r\nhost: x\r\n\r\n');
    const [connection] = await accepted;
    await until(() => waiting.has('slow'));
    const noticed = once(connection, 'close');
    socket.destroy();
    await noticed;
    expect(inFlight()).toBe(1);
    waiting.get('slow')!();
    await until(() => inFlight() === 0);
  });
});

describe('a shop that stops', () => {
  beforeAll(() => waiting.clear());

  it('answers the requests that it has, lets no new one in, and does not wait for event streams', async () => {
    const { app } = await openTinyShop();
    const base = await app.getUrl();
    const stream = await fetch(`${base}/stream`);
    const last = fetch(`${base}/slow`, { method: 'POST' });
    await until(() => waiting.has('slow'));
    const closing = app.close();
    await until(() => app.get(Admission).refusing !== undefined);
    expect((await fetch(`${base}/orders`)).status).toBe(503);
    waiting.get('slow')!();
    expect(await (await last).json()).toEqual({ inFlight: 1 });
    await closing;
    await expect(stream.text()).rejects.toThrow();
  });
});

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within 5 s: ${String(condition)}`);
    await new Promise(setImmediate);
  }
}
