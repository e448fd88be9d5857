export { CARRIER, type Carrier, type Lag } from './carrier.js';
export { Delivery } from './delivery.js';
export type { Effects, Tx } from './effects.js';
export { event, type AnyEvent, type EventContract, type EventData } from './event.js';
export { EventCatalogue } from './event-catalogue.js';
export { failpoints, parseFailpoints } from './failpoints.js';
export { Failure, isRetryable } from './failure.js';
export { databaseGone, sqlState } from './database-error.js';
export { v7, v8 } from './identifier.js';
export { currentContext, runInContext, traceparentOf } from './message-context.js';
export { Retention } from './inbox/retention.js';
export { Messaging } from './messaging.js';
export { MessagingModule } from './messaging.module.js';
export type { Carriage } from './messaging-options.js';
export { announcement, Outbox } from './outbox/outbox.js';
export { TransactionalOutbox } from './outbox/transactional-outbox.js';
export {
  ParkedDeliveries,
  type ParkedDelivery,
  type ParkedRecord,
  type ParkedSelection,
} from './parking/parked-deliveries.js';
export { DeliveryParked } from './parking/dead-letter.event.js';
export { Relay } from './relay/relay.js';
export { messagingSchema } from './schema.js';
export { Settlement, type Backlog, type SettlementReading } from './settlement.js';
export { On, Subscriber, type SubscriberDeclaration } from './subscriber.js';
export { SubscriberRegistry } from './subscriber-registry.js';
export { afterCommit, beforeCommit, Transactions } from './transactions.js';
export { contextOf } from './inbox/delivery-runner.js';
export type { BatchControl, Handler, Intake } from './inbox/intake.js';
export { KafkaCarrier } from './kafka/kafka-carrier.js';
export type { Arrival } from './record.js';
