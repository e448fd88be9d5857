import type { FastifyInstance } from 'fastify';

/** The methods of every path, so that a path that exists is answered with 405 and not with 404. */
export class AllowedMethods {
  private readonly routes: { segments: string[]; methods: string[] }[] = [];

  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', ({ url, method }) => {
      this.routes.push({ segments: url.split('/'), methods: [method].flat() });
    });
  }

  /** Sorted; empty when nothing is at this path. A path that is written out hides the patterns that it fits. */
  of(path: string): string[] {
    const segments = path.split('/');
    const found = this.routes.filter((route) => matches(route.segments, segments));
    const exact = found.filter((route) => route.segments.join('/') === path);
    return [...new Set((exact.length > 0 ? exact : found).flatMap((route) => route.methods))].sort();
  }
}

function matches(pattern: string[], path: string[]): boolean {
  const open = pattern.at(-1) === '*';
  if (open ? path.length < pattern.length : path.length !== pattern.length) return false;
  return pattern.every(
    (part, i) => part === path[i] || (part === '*' && open) || (part.startsWith(':') && path[i] !== ''),
  );
}
