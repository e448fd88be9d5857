import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { COMM_MODES, CONFIG, type Config } from '../config.js';
import { AlwaysAdmitted } from '../http/index.js';
import { landingPage, MODES, type Landing } from './landing.page.js';

/** One screen for who has just started the shop: the mode, what is where, how to switch. */
@ApiExcludeController()
@AlwaysAdmitted()
@Controller()
export class LandingController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get()
  landing(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Landing | string {
    void reply.header('vary', 'accept');
    const landing = this.describe();
    if (!request.headers.accept?.includes('text/html')) return landing;
    void reply.type('text/html; charset=utf-8');
    return landingPage(landing);
  }

  private describe(): Landing {
    const { COMM_MODE, ADMIN_TOKEN, NODE_ENV } = this.config;
    return {
      mode: COMM_MODE,
      means: MODES[COMM_MODE],
      routes: {
        documentation: '/docs',
        openapi: '/openapi.json',
        asyncapi: '/asyncapi.json',
        users: '/users',
        orders: '/orders',
        sales: '/analytics/sales',
        health: '/health/ready',
        metrics: '/metrics',
        ...(ADMIN_TOKEN && { administration: '/admin/settled' }),
      },
      // Who can reach the page from outside must not learn what stands behind it.
      ...(NODE_ENV !== 'production' && { services: this.services() }),
      switch: COMM_MODES.filter((mode) => mode !== COMM_MODE).map((mode) => `COMM_MODE=${mode} npm start`),
    };
  }

  private services(): Record<string, string> {
    const { DATABASE_URL, KAFKA_BROKERS, SMTP_URL, PAYMENT_URL, CARRIER_URL, REDIS_URL, CACHE } = this.config;
    const cache = REDIS_URL ? place(REDIS_URL) : 'in memory';
    return {
      database: place(DATABASE_URL),
      ...(KAFKA_BROKERS && { kafka: KAFKA_BROKERS }),
      mail: place(SMTP_URL),
      payment: place(PAYMENT_URL),
      carrier: place(CARRIER_URL),
      cache: CACHE === 'off' ? 'off' : cache,
    };
  }
}

/** A URL without the name, the password and the options in it. */
function place(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
