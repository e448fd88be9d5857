import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { until } from '../support/until.js';
import { TcpProxy } from './tcp-proxy.js';

describe('a disturbed line', () => {
  let server: net.Server;
  let proxy: TcpProxy;
  let heard: string;
  const clients: Socket[] = [];

  beforeEach(async () => {
    heard = '';
    server = net.createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    proxy = await TcpProxy.listen(0, () => (server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.close();
    server.close();
  });

  function dial(): Socket {
    const client = net.connect({ host: '127.0.0.1', port: proxy.port });
    clients.push(client.on('error', () => undefined).on('data', (bytes) => (heard += String(bytes))));
    return client;
  }
  async function call(): Promise<Socket> {
    const client = dial();
    await once(client, 'connect');
    return client;
  }
  const closed = (client: Socket) => new Promise((resolve) => client.on('close', resolve));
  const answered = (text: string) => until(`the answer ${text}`, () => heard === text, 5000);

  it('brings everything there and back while it is up', async () => {
    (await call()).write('one');
    await answered('one');
  });

  it('keeps what is said in a blackhole, and brings it when it is healed', async () => {
    const client = await call();
    client.write('one');
    await answered('one');
    proxy.set('blackhole');
    client.write('two');
    const late = await call();
    late.write('three');
    await until('the proxy to have met both connections', () => proxy.met === 2);
    expect(heard).toBe('one');
    proxy.set('up');
    await until('both answers', () => heard.length === 'onetwothree'.length);
  });

  it('ends connections when it is cut, and refuses new ones', async () => {
    const ended = closed(await call());
    await until('the connection to be there', () => {
      proxy.set('cut');
      return proxy.met > 0;
    });
    await ended;
    await closed(dial());
  });

  it('delays without changing the order', async () => {
    const client = await call();
    proxy.set({ delayMs: 30 });
    for (const word of ['a', 'b', 'c']) client.write(word);
    await answered('abc');
  });
});
