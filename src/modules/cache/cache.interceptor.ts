import { createHash } from 'node:crypto';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { concatMap, of, type Observable } from 'rxjs';
import { cacheableOf, Id, type CacheableRoute } from '../../http/index.js';
import { CacheService } from './cache.service.js';

/** Answers `@Cacheable` routes from the cache, and says so in `X-Cache`. Only a 200 is kept, never a 404. */
@Injectable()
export class CacheInterceptor implements NestInterceptor {
  constructor(private readonly cache: CacheService) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    // Deliveries run through here too.
    const route = context.getType() === 'http' ? cacheableOf(context.getHandler()) : undefined;
    if (!route || !this.cache.enabled) return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const subject = subjectOf(route, request);
    if (subject === undefined) return next.handle();
    const reading = await this.cache.read(subject, createHash('sha256').update(request.url).digest('base64url'));
    void reply.header('x-cache', reading.hit ? 'hit' : 'miss');
    if (reading.hit) return of(reading.answer);
    return next.handle().pipe(
      concatMap(async (answer: unknown) => {
        if (reply.statusCode === 200) await reading.keep(answer);
        return answer;
      }),
    );
  }
}

/** Undefined for an id that the route will refuse: interceptors run before the input is checked. */
function subjectOf({ subject, param }: CacheableRoute, request: FastifyRequest): string | undefined {
  if (!param) return subject;
  const id = Id.safeParse((request.params as Record<string, unknown>)[param]);
  return id.success ? `${subject}:${id.data}` : undefined;
}
