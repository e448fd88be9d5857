import net from 'node:net';
import path from 'node:path';
import { bash, Checkout, killed, type Start } from '../support/npm-start.js';
import { until } from '../support/until.js';

const order = (userId: unknown) => ({ userId, currency: 'EUR', lines: [{ sku: 'tea', quantity: 2, unitPrice: 450 }] });
const register = (start: Start) => start.post('/users', { email: `ada-${Date.now()}@example.org`, name: 'Ada' });

let checkout: Checkout;
beforeEach(async () => {
  checkout = await Checkout.create();
});
afterEach(() => checkout.remove());

describe('one command', () => {
  it.each(['sync', 'async'])(
    'brings up a shop in %s whose printed lines work, and Ctrl-C leaves nothing running',
    async (mode) => {
      const start = await checkout.start({ COMM_MODE: mode }).ready();
      const banner = start.output.slice(start.output.indexOf('─'));
      expect(banner.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(banner).toContain(`COMM_MODE=${mode}`);
      const pasted = /^USER_ID=[^]*?(?=\n\n)/m.exec(banner)![0];
      expect(pasted.match(/\bcurl /g)).toHaveLength(3);
      const said = await bash(pasted);
      expect(said).toContain('order.placed');
      expect(said).toContain('payment.captured');
      expect(await start.stop()).toBe(0);
      expect(checkout.running()).toEqual([]);
      await expect(fetch(`http://127.0.0.1:${checkout.port}/`)).rejects.toThrow('fetch failed');
    },
  );

  it('keeps the data for the next start, on the same addresses', async () => {
    const first = await checkout.start().ready();
    const { id } = await register(first);
    const { databaseUrl, paymentUrl } = first.run();
    await first.stop('SIGTERM');
    const second = await checkout.start().ready();
    expect(await second.get(`/users/${id as string}`)).toMatchObject({ id, name: 'Ada' });
    expect(second.run()).toMatchObject({ databaseUrl, paymentUrl });
    await second.stop();
  });

  it('changes from a mode with Kafka to one without, and finishes the old one first', async () => {
    const first = await checkout.start({ COMM_MODE: 'async' }).ready();
    const user = await register(first);
    const placed = await first.post('/orders', order(user.id));
    await first.stop();
    const second = await checkout.start({ COMM_MODE: 'sync' }).ready();
    expect(await second.get(`/orders/${placed.id as string}`)).toMatchObject({ id: placed.id });
    expect(await second.post('/orders', order(user.id))).toMatchObject({ status: 'shipped' });
    await second.stop();
  });

  it('ends at once at a second Ctrl-C, and leaves nothing running', async () => {
    const start = await checkout.start({ COMM_MODE: 'async' }).ready();
    process.kill(start.run().pids.app, 'SIGSTOP'); // an application that does not finish
    await start.pressUntilEnded();
    expect(checkout.running()).toEqual([]);
  });

  it('ends with the code of an application that ends, and stops the rest', async () => {
    const start = await checkout.start().ready();
    await killed(start.run().pids.app);
    expect(await start.exited).toBe(1);
    expect(checkout.running()).toEqual([]);
  });
});

describe('after a kill -9', () => {
  it('of npm start, the application goes too, and the next start takes over what is left', async () => {
    const first = await checkout.start({ COMM_MODE: 'async' }).ready();
    const { pids } = first.run();
    const { id } = await register(first);
    await killed(first.child.pid!);
    const second = await checkout.start({ COMM_MODE: 'async' }).ready();
    expect(second.run().pids).toMatchObject({ postgres: pids.postgres, kafka: pids.kafka, standIns: pids.standIns });
    expect(second.run().pids.app).not.toBe(pids.app);
    expect(await second.get(`/users/${id as string}`)).toMatchObject({ id });
    await second.stop();
    expect(checkout.running()).toEqual([]);
  });

  it('of everything at once, the next start recovers with the data kept', async () => {
    const first = await checkout.start({ COMM_MODE: 'async' }).ready();
    const user = await register(first);
    const placed = await first.post('/orders', order(user.id));
    const { pids } = first.run();
    await Promise.all([first.child.pid!, pids.app, pids.postgres!, pids.kafka!, pids.standIns!].map(killed));
    const second = await checkout.start({ COMM_MODE: 'async' }).ready();
    expect(await second.get(`/orders/${placed.id as string}`)).toMatchObject({ id: placed.id });
    expect(await second.post('/orders', order(user.id))).toMatchObject({
      status: expect.stringMatching(/confirmed|shipped/),
    });
    await second.stop();
  });

  it.each(['postgres', 'kafka', 'standIns'] as const)(
    'of %s, it is started again under the running shop',
    async (part) => {
      const start = await checkout.start({ COMM_MODE: 'async' }).ready();
      const user = await register(start);
      const before = start.run();
      await killed(before.pids[part]!);
      await until(`another ${part} in run.json`, () => start.run().pids[part] !== before.pids[part]);
      expect(start.errors).toContain('has ended: it is started again.');
      expect(start.run()).toEqual({ ...before, pids: { ...before.pids, [part]: expect.any(Number) as number } });
      await until('an order to be paid', async () => {
        const placed = await start.post('/orders', order(user.id)).catch(() => undefined);
        return placed !== undefined && placed.status !== 'placed';
      });
      await start.stop();
      expect(checkout.running()).toEqual([]);
    },
  );
});

describe('says in one sentence how to mend', () => {
  const refused = async (env: Record<string, string | undefined>, args: string[] = []) => {
    const start = checkout.start(env, args);
    expect(await start.exited).toBe(1);
    expect(checkout.running()).toEqual([]);
    const said = start.errors
      .split('\n')
      .filter((line) => line && !/^(Building|Starting|Connecting|Fetching)/.test(line));
    expect(said).toHaveLength(1);
    return said[0]!;
  };

  it('a port in use, before anything is started', async () => {
    const other = net.createServer().listen(checkout.port, '127.0.0.1');
    expect(await refused({})).toBe(
      `Port ${checkout.port} is in use: stop what listens there, or run PORT=${checkout.port + 1} npm start.`,
    );
    other.close();
  });

  it('a second start', async () => {
    const first = await checkout.start().ready();
    const second = checkout.start();
    expect(await second.exited).toBe(1);
    expect(second.errors).toContain(
      `The shop already runs at http://127.0.0.1:${checkout.port} (pid ${first.child.pid}): stop it with Ctrl-C`,
    );
    await first.stop();
  });

  it('no Java', async () => {
    const said = await refused({ COMM_MODE: 'async', PATH: checkout.pathWith({}), JAVA_HOME: undefined });
    expect(said).toMatch(
      /^Kafka needs Java and none was found: install Java 17 or newer and Maven, or Docker, or set KAFKA_BROKERS;/,
    );
  });

  it('a Java that is too old', async () => {
    const java = `echo 'openjdk version "11.0.20" 2023-07-18' >&2`;
    const said = await refused({ COMM_MODE: 'async', PATH: checkout.pathWith({ java }), JAVA_HOME: undefined });
    expect(said).toMatch(/^Java 11 is too old for Kafka: install Java 17 or newer/);
  });

  it('no Maven, while Kafka has not been fetched yet', async () => {
    const java = `echo 'openjdk version "21.0.1" 2023-10-17' >&2`;
    const said = await refused({
      COMM_MODE: 'async',
      PATH: checkout.pathWith({ java }),
      JAVA_HOME: undefined,
      XDG_CACHE_HOME: path.join(checkout.home, 'cache'),
    });
    expect(said).toBe('Kafka has to be fetched once and Maven is not installed: install Maven, or set KAFKA_BROKERS.');
  });

  it('brokers that do not answer', async () => {
    expect(await refused({ COMM_MODE: 'async', KAFKA_BROKERS: '127.0.0.1:1' })).toMatch(
      /^No Kafka answers at KAFKA_BROKERS=127.0.0.1:1: start it there, or unset/,
    );
  });

  it.each([
    ['is no address', 'nonsense', /^DATABASE_URL=… cannot be used: write it like postgres:/],
    [
      'leads nowhere',
      'postgres://app:secret@127.0.0.1:1/shop',
      /^No PostgreSQL answers at 127.0.0.1:1 of DATABASE_URL \(ECONNREFUSED\): start it there, or unset/,
    ],
  ])('a DATABASE_URL that %s, without its password', async (_what, url, sentence) => {
    const said = await refused({ DATABASE_URL: url });
    expect(said).toMatch(sentence);
    expect(said).not.toContain('secret');
  });

  it('a DATABASE_URL with a wrong password, or without its database', async () => {
    const other = await Checkout.create();
    const theirs = await other.start().ready();
    const right = new URL(theirs.run().databaseUrl);
    const wrong = new URL(right);
    wrong.password = 'wrong';
    expect(await refused({ DATABASE_URL: wrong.href })).toMatch(
      /refuses the user app of DATABASE_URL: mend its name or password/,
    );
    right.pathname = '/nowhere';
    expect(await refused({ DATABASE_URL: right.href })).toMatch(
      /has no database nowhere: create it \(createdb nowhere\)/,
    );
    await theirs.stop();
    other.remove();
  });

  it('a mode that does not exist', async () => {
    expect(await refused({}, ['--mode', 'quantum'])).toBe(
      'COMM_MODE=quantum cannot be used: write one of sync, async, async-local, sync-after-commit, async-dual-write.',
    );
  });

  it('a Node that is too old', async () => {
    const old = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.4'})`;
    expect(await refused({ NODE_OPTIONS: `--import=${old}` })).toBe(
      'Node 18.20.4 is too old: install Node 20.19 or newer.',
    );
  });
});
