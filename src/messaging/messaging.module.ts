import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CARRIER, type Carrier } from './carrier.js';
import { EventCatalogue } from './event-catalogue.js';
import { KafkaCarrier } from './kafka/kafka-carrier.js';
import { Retention } from './inbox/retention.js';
import { LocalCarrier } from './local/local-carrier.js';
import { MESSAGING_OPTIONS, type Carriage, type MessagingOptions } from './messaging-options.js';
import { Messaging } from './messaging.js';
import { Outbox } from './outbox/outbox.js';
import { DeliveryParked } from './parking/dead-letter.event.js';
import { ParkedDeliveries } from './parking/parked-deliveries.js';
import { Patience } from './patience.js';
import { PUBLISHER } from './relay/publisher.js';
import { Relay } from './relay/relay.js';
import { WakeUp } from './relay/wake-up.js';
import { Settlement } from './settlement.js';
import { SubscriberRegistry } from './subscriber-registry.js';

type Wiring = Omit<MessagingOptions, 'carriage'>;

interface MessagingSetup<Dependencies extends unknown[]> {
  carriage: Carriage;
  inject: unknown[];
  useFactory: (...dependencies: Dependencies) => Wiring;
}

/** Everything that carries events. Imported once, at the root. */
@Global()
@Module({})
export class MessagingModule {
  static forRoot<Dependencies extends unknown[]>(setup: MessagingSetup<Dependencies>): DynamicModule {
    return {
      module: MessagingModule,
      imports: [DiscoveryModule],
      providers: [
        {
          provide: MESSAGING_OPTIONS,
          inject: setup.inject as never[],
          useFactory: (...dependencies: Dependencies): MessagingOptions => {
            const wiring = setup.useFactory(...dependencies);
            return {
              ...wiring,
              carriage: setup.carriage,
              events: [...wiring.events, DeliveryParked],
              unheard: [...wiring.unheard, DeliveryParked.name],
            };
          },
        },
        {
          provide: EventCatalogue,
          inject: [MESSAGING_OPTIONS],
          useFactory: (options: MessagingOptions) => new EventCatalogue(options.events),
        },
        { provide: CARRIER, inject: [MESSAGING_OPTIONS, EventCatalogue, Patience], useFactory: createCarrier },
        { provide: PUBLISHER, inject: [CARRIER], useFactory: (carrier?: Carrier) => carrier?.publisher ?? null },
        { provide: Outbox, useClass: setup.carriage.outbox },
        {
          provide: ParkedDeliveries,
          inject: [MESSAGING_OPTIONS],
          useFactory: ({ deliveries, carriage }: MessagingOptions) =>
            new ParkedDeliveries(deliveries.manager, carriage.carrier !== 'none'),
        },
        Patience,
        WakeUp,
        Relay,
        SubscriberRegistry,
        Settlement,
        Retention,
        Messaging,
      ],
      exports: [
        Outbox,
        Messaging,
        Settlement,
        Retention,
        ParkedDeliveries,
        SubscriberRegistry,
        EventCatalogue,
        CARRIER,
      ],
    };
  }
}

function createCarrier(options: MessagingOptions, catalogue: EventCatalogue, patience: Patience): Carrier | undefined {
  const { carriage, app, deliveries, kafka } = options;
  if (carriage.carrier === 'local') return new LocalCarrier(app, catalogue, options.concurrency);
  if (carriage.carrier === 'none') return undefined;
  if (!kafka) throw new TypeError('The carrier kafka needs the kafka options.');
  return new KafkaCarrier(app, kafka, catalogue, deliveries, patience);
}
