import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import { METRICS } from './metrics.js';

/** From a cached read to an order that waits for its payment. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Times every request by its route's template: a scanner that tries a million paths adds one series, `unknown`. */
@Injectable()
export class HttpMetrics implements OnModuleInit {
  private readonly durations: Histogram<'method' | 'route' | 'status'>;

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(METRICS) registry: Registry,
  ) {
    this.durations = new Histogram({
      name: 'shop_http_request_duration_seconds',
      help: 'Time from the request to the end of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS,
      registers: [registry],
    });
  }

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onResponse', (request, reply, done) => {
      const route = request.is404 ? undefined : request.routeOptions.url;
      // An event stream ends when its reader leaves: its length is no measure of the shop.
      if (!String(reply.raw.getHeader('content-type')).startsWith('text/event-stream'))
        this.durations.observe(
          { method: route ? request.method : 'any', route: route ?? 'unknown', status: reply.statusCode },
          reply.elapsedTime / 1000,
        );
      done();
    });
  }
}
