import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { runInContext, traceparentOf } from '../messaging/message-context.js';

const REQUEST_ID = 'x-request-id';

/** The request's own id when it is a harmless one, else a new one: it goes into logs, answers and event headers. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers[REQUEST_ID];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/** Answers with the request's id, and lets every event that the request announces inherit it and the trace. */
export function followRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header(REQUEST_ID, request.id);
    const { traceparent } = request.headers;
    const trace = traceparentOf(typeof traceparent === 'string' ? traceparent : undefined);
    runInContext({ correlationId: request.id, traceparent: trace }, done);
  });
}
