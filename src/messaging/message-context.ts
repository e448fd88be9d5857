import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** What an announcement inherits from what caused it. */
export interface MessageContext {
  correlationId: string;
  /** The event that caused this work; a request has none. */
  causationId?: string;
  /** W3C Trace Context. */
  traceparent: string;
}

const storage = new AsyncLocalStorage<MessageContext>();

export const currentContext = (): MessageContext | undefined => storage.getStore();

export const runInContext = <T>(context: MessageContext, work: () => T): T => storage.run(context, work);

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The given traceparent when it is a valid one, else the start of a new trace. */
export function traceparentOf(given: string | undefined): string {
  if (given && TRACEPARENT.test(given)) return given;
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}
