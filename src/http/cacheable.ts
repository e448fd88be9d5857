import { SetMetadata } from '@nestjs/common';

const CACHEABLE = Symbol('switchyard:cacheable');

/** What a cached answer is about: `users`, or with a param `user:<its value>`. */
export interface CacheableRoute {
  subject: string;
  param?: string;
}

/** Lets the answers of this route be cached until `subject` (of the entity that `param` names) is forgotten. */
export const Cacheable = (subject: string, param?: string): MethodDecorator =>
  SetMetadata(CACHEABLE, { subject, param } satisfies CacheableRoute);

export const cacheableOf = (handler: object): CacheableRoute | undefined =>
  Reflect.getMetadata(CACHEABLE, handler) as CacheableRoute | undefined;
