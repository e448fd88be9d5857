import type { IncomingHttpHeaders } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { BadHeader } from './http.errors.js';

const EXPLAINED = 'must be 1 to 255 visible ASCII characters, sent once';

/** A name that a client gives to one attempt, so that a repeat of it is known. */
const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/, EXPLAINED);

/**
 * The Idempotency-Key of a request, undefined without one.
 * @throws BadHeader when it cannot be used.
 */
function idempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const given = headers['idempotency-key'];
  if (given === undefined) return undefined;
  const key = IdempotencyKey.safeParse(given);
  if (!key.success) throw new BadHeader([{ field: 'Idempotency-Key', message: EXPLAINED }]);
  return key.data;
}

const read = createParamDecorator((_: unknown, context: ExecutionContext) =>
  idempotencyKey(context.switchToHttp().getRequest<FastifyRequest>().headers),
);

/** The parameter that takes the request's Idempotency-Key. */
export const IdempotencyKeyHeader = (): ParameterDecorator => (target, method, index) => {
  if (method === undefined) throw new TypeError('@IdempotencyKeyHeader() belongs to a parameter of a method.');
  read()(target, method, index);
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key and body give the first answer again; another body under the same key is refused.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$', minLength: 1, maxLength: 255 },
  })(target, method, Object.getOwnPropertyDescriptor(target, method)!);
};
