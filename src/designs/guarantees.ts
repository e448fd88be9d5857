import type { CommMode } from '../config.js';

/** What can be away while orders are still acknowledged. */
export type Neighbour = 'billing' | 'shipping' | 'notifications' | 'analytics' | 'cache' | 'kafka' | 'postgres';

/** What a mode promises and what it does not, at default settings. Asserted by the suite, printed into the README. */
export interface Guarantees {
  /** An order that was sent while a module is down is there afterwards, with all its effects. */
  orderSurvivesDownModule: boolean;
  /** When the answer comes, every effect has happened. */
  effectsVisibleOnReturn: boolean;
  /** An acknowledged order gets all its effects, whenever the process is killed. */
  effectsSurviveKill: boolean;
  /** `refused`: the request fails and nothing is kept. `later`: the order is accepted and becomes payment_declined. */
  declinedCard: 'refused' | 'later';
  /** A charge can stand at the provider for an order that was never kept. */
  chargeWithoutOrder: boolean;
  /** A mail can be sent for an order that was never kept. */
  mailWithoutOrder: boolean;
  /** The events of one order arrive in the order in which they happened. */
  orderKeptPerKey: boolean;
  needsBroker: boolean;
  /** A new hearer of an event needs a change in the design of its publisher. */
  newSubscriberTouchesPublisher: boolean;
  /** Events stay readable after they were delivered. */
  keepsHistory: boolean;
  /** Reading what was delivered again changes nothing. */
  replayIsHarmless: boolean;
  /** A payment that arrives for an order cancelled meanwhile is given back. */
  cancelRacingPaymentIsRefunded: boolean;
  acknowledgedDuringOutageOf: readonly Neighbour[];
}

/** The neighbours that are modules of the shop itself. */
export const MODULES: readonly Neighbour[] = ['billing', 'shipping', 'notifications', 'analytics', 'cache'];

export const guarantees: Record<CommMode, Guarantees> = {
  sync: {
    orderSurvivesDownModule: false,
    effectsVisibleOnReturn: true,
    effectsSurviveKill: true,
    declinedCard: 'refused',
    chargeWithoutOrder: true,
    mailWithoutOrder: true,
    orderKeptPerKey: true,
    needsBroker: false,
    newSubscriberTouchesPublisher: true,
    keepsHistory: false,
    replayIsHarmless: true,
    cancelRacingPaymentIsRefunded: true,
    acknowledgedDuringOutageOf: ['cache', 'kafka'],
  },
  async: {
    orderSurvivesDownModule: true,
    effectsVisibleOnReturn: false,
    effectsSurviveKill: true,
    declinedCard: 'later',
    chargeWithoutOrder: false,
    mailWithoutOrder: false,
    orderKeptPerKey: true,
    needsBroker: true,
    newSubscriberTouchesPublisher: false,
    keepsHistory: true,
    replayIsHarmless: true,
    cancelRacingPaymentIsRefunded: true,
    acknowledgedDuringOutageOf: [...MODULES, 'kafka'],
  },
  'async-local': {
    orderSurvivesDownModule: true,
    effectsVisibleOnReturn: false,
    effectsSurviveKill: true,
    declinedCard: 'later',
    chargeWithoutOrder: false,
    mailWithoutOrder: false,
    orderKeptPerKey: true,
    needsBroker: false,
    newSubscriberTouchesPublisher: false,
    keepsHistory: false,
    replayIsHarmless: true,
    cancelRacingPaymentIsRefunded: true,
    acknowledgedDuringOutageOf: [...MODULES, 'kafka'],
  },
  'sync-after-commit': {
    orderSurvivesDownModule: false,
    effectsVisibleOnReturn: true,
    effectsSurviveKill: false,
    declinedCard: 'later',
    chargeWithoutOrder: false,
    mailWithoutOrder: false,
    orderKeptPerKey: true,
    needsBroker: false,
    newSubscriberTouchesPublisher: true,
    keepsHistory: false,
    replayIsHarmless: true,
    cancelRacingPaymentIsRefunded: false,
    acknowledgedDuringOutageOf: ['cache', 'kafka'],
  },
  'async-dual-write': {
    orderSurvivesDownModule: false,
    effectsVisibleOnReturn: false,
    effectsSurviveKill: false,
    declinedCard: 'later',
    chargeWithoutOrder: false,
    mailWithoutOrder: false,
    orderKeptPerKey: false,
    needsBroker: true,
    newSubscriberTouchesPublisher: false,
    keepsHistory: true,
    replayIsHarmless: false,
    cancelRacingPaymentIsRefunded: false,
    acknowledgedDuringOutageOf: [...MODULES, 'kafka'],
  },
};
