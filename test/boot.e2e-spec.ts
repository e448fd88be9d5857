import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMM_MODES, readConfig } from '../src/config.js';
import { EVENTS } from '../src/contracts/index.js';
import { createShop, type Shop } from '../src/create-shop.js';
import { Outbox, SubscriberRegistry, type AnyEvent } from '../src/messaging/index.js';
import { Calls, type Hearers } from '../src/designs/sync/calls.js';
import { PaymentAnnouncer } from '../src/modules/billing/index.js';
import { OrderAnnouncer, OrderFulfilmentAnnouncer, OrderPaymentAnnouncer } from '../src/modules/orders/index.js';
import { ShipmentAnnouncer } from '../src/modules/shipping/index.js';
import { UserAnnouncer } from '../src/modules/users/index.js';
import { prepareEnvironment } from './support/shop.js';

const BOOT_MS = 5000;
type Prepared = Awaited<ReturnType<typeof prepareEnvironment>>;

let prepared: Prepared | undefined;
let shop: Shop | undefined;
const boot = async () => (shop = await createShop(readConfig(prepared!.env)));

afterEach(async () => {
  await shop?.close();
  shop = undefined;
  await prepared?.dispose();
  prepared = undefined;
});

describe.each(COMM_MODES)('the shop in %s', (mode) => {
  beforeEach(async () => (prepared = await prepareEnvironment(mode)));

  // Two providers that wait for each other never start and never say so: this is what a call cycle looks like.
  it(
    `listens within ${BOOT_MS / 1000} s`,
    async () => {
      const began = performance.now();
      await boot();
      expect(performance.now() - began).toBeLessThan(BOOT_MS);
      expect((await fetch(`${shop!.url}/health/live`)).status).toBe(200);
    },
    BOOT_MS * 2,
  );
});

const ANNOUNCEMENTS = Object.entries({
  'user.registered': [UserAnnouncer, 'registered'],
  'order.placed': [OrderAnnouncer, 'placed'],
  'order.cancelled': [OrderAnnouncer, 'cancelled'],
  'order.confirmed': [OrderPaymentAnnouncer, 'confirmed'],
  'order.payment_declined': [OrderPaymentAnnouncer, 'paymentDeclined'],
  'order.shipped': [OrderFulfilmentAnnouncer, 'shipped'],
  'payment.captured': [PaymentAnnouncer, 'captured'],
  'payment.declined': [PaymentAnnouncer, 'declined'],
  'payment.refunded': [PaymentAnnouncer, 'refunded'],
  'shipment.scheduled': [ShipmentAnnouncer, 'scheduled'],
  'shipment.cancelled': [ShipmentAnnouncer, 'cancelled'],
} as const);

/** Lets every announcer speak once; `spoken` says what the last one has said. */
async function everyAnnouncement<T>(spoken: () => T): Promise<Record<string, T>> {
  const heard: Record<string, T> = {};
  for (const [event, [port, method]] of ANNOUNCEMENTS) {
    const announcer = shop!.app.get<Record<string, (...args: unknown[]) => Promise<void>>>(port, { strict: false });
    await announcer[method]!({}, {});
    heard[event] = spoken();
  }
  return heard;
}

describe('both designs have the same hearers', () => {
  it('because the list of announcements is that of the events', () => {
    expect(ANNOUNCEMENTS.map(([event]) => event).sort()).toEqual(EVENTS.map(({ name }) => name).sort());
  });

  it.each(['sync', 'sync-after-commit'] as const)(
    'because %s calls exactly the subscribers of each event',
    async (mode) => {
      prepared = await prepareEnvironment(mode);
      await boot();
      let called: string[] = [];
      const note = (hearers: Hearers) => {
        called = Object.keys(hearers);
        return Promise.resolve();
      };
      const calls = shop!.app.get(Calls, { strict: false });
      jest.spyOn(calls, 'make').mockImplementation((_tx, _subject, hearers) => note(hearers));
      jest.spyOn(calls, 'refuse').mockImplementation((_tx, _subject, _error, hearers) => note(hearers));
      const found = await everyAnnouncement(() => called.splice(0).sort());

      const subscribers = shop!.app.get(SubscriberRegistry).all();
      const wanted = EVENTS.map(({ name }) => [
        name,
        subscribers
          .filter(({ events }) => events.has(name))
          .map((subscriber) => subscriber.name)
          .sort(),
      ]);
      expect(found).toEqual(Object.fromEntries(wanted));
    },
  );

  it('because async announces exactly that event', async () => {
    prepared = await prepareEnvironment('async-local');
    await boot();
    const announced: string[] = [];
    jest.spyOn(shop!.app.get(Outbox), 'add').mockImplementation((_tx, event: AnyEvent) => {
      announced.push(event.name);
      return Promise.resolve();
    });
    const found = await everyAnnouncement(() => announced.splice(0));
    expect(found).toEqual(Object.fromEntries(EVENTS.map(({ name }) => [name, [name]])));
  });
});

describe('no business module', () => {
  const modules = join(__dirname, '../src/modules');
  const sources = (readdirSync(modules, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'));

  it('knows the mode', () => {
    const knowing = sources.filter((file) =>
      /COMM_MODE|CommMode|callsDirectly|needsKafka/.test(readFileSync(join(modules, file), 'utf8')),
    );
    expect(sources.length).toBeGreaterThan(50);
    expect(knowing).toEqual([]);
  });
});
