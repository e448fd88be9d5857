import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

/** Longer than any outcome takes, shorter than the patience of proxies in between. */
export const LONGEST_WAIT = 30_000;

/**
 * How long a client would wait for the outcome, in ms: `Prefer: wait=5` (RFC 7240), at most `LONGEST_WAIT`.
 * A preference that cannot be read is ignored, as the RFC asks.
 */
export function preferredWait(header: string | undefined): number | undefined {
  for (const preference of (header ?? '').split(',')) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;|$)/i.exec(preference) ?? [];
    if (seconds !== undefined) return Math.min(Number(seconds) * 1000, LONGEST_WAIT);
  }
  return undefined;
}

const read = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const given = context.switchToHttp().getRequest<FastifyRequest>().headers.prefer;
  return preferredWait(Array.isArray(given) ? given.join(',') : given);
});

/** The parameter that takes the wait a client prefers, in ms. */
export const PreferredWait = (): ParameterDecorator => (target, method, index) => {
  if (method === undefined) throw new TypeError('@PreferredWait() belongs to a parameter of a method.');
  read()(target, method, index);
  ApiHeader({
    name: 'Prefer',
    required: false,
    description: '`wait=5`: answer when the outcome is known, at most that many seconds later (RFC 7240).',
    schema: { type: 'string', examples: ['wait=5'] },
  })(target, method, Object.getOwnPropertyDescriptor(target, method)!);
};
