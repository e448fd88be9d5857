import type { FastifyInstance } from 'fastify';
import { BrokenJson } from './http.errors.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads bodies of application/json and of no other type. An empty body is none: a route that needs one says so
 * by its schema, and one that needs none, such as a cancellation, takes it with or without a content type.
 */
export function readJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    try {
      done(null, JSON.parse(utf8.decode(body as Buffer)));
    } catch (cause) {
      done(new BrokenJson(`The body is not JSON in UTF-8: correct it and send it again${place(cause)}.`, { cause }));
    }
  });
}

/** Where the parser stopped; its whole message would repeat the client's bytes. */
function place(cause: unknown): string {
  const [, position] = /at position (\d+)/.exec((cause as Error).message) ?? [];
  return position === undefined ? '' : ` (it breaks at character ${position})`;
}
