import type { ServerResponse } from 'node:http';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Admission } from './admission.js';

/** Provider and mail server have answered or timed out by then; an orchestrator waits longer before it kills. */
const LAST_REQUESTS = 8_000;

const READING = ['GET', 'HEAD', 'OPTIONS'];

/** The requests of this process that have no complete answer yet, or still work for a client that has hung up. */
@Injectable()
export class InFlight implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(InFlight.name);
  private readonly open = new Map<ServerResponse, string>();
  /** Those whose handler has answered, so that nothing more can come of them. */
  private readonly answered = new WeakSet<ServerResponse>();
  private emptied: () => void = () => undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly admission: Admission,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', (request, reply, done) => {
      const response = reply.raw;
      this.open.set(response, request.method);
      response.once('finish', () => this.end(response));
      // A client that hangs up ends the connection, not the work: its handler goes on until it answers.
      response.once('close', () => {
        if (response.headersSent || this.answered.has(response)) this.end(response);
      });
      done();
    });
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      this.answered.add(reply.raw);
      if (reply.raw.destroyed) this.end(reply.raw);
      done(null, payload);
    });
  }

  /** Requests that may still have an effect: while there are any, nothing is settled. */
  get count(): number {
    return [...this.open.values()].filter((method) => !READING.includes(method)).length;
  }

  /** Stops letting requests in, and waits until the last one is answered, before anything it needs is taken away. */
  async onModuleDestroy(): Promise<void> {
    this.admission.refuse(() => 'The shop is stopping: send the request again in a moment.');
    if (this.answering() === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_REQUESTS)));
    await Promise.race([new Promise<void>((resolve) => (this.emptied = resolve)), limit]);
    clearTimeout(timer);
    const cut = this.answering();
    if (cut > 0)
      this.logger.warn(`${cut} requests had no answer ${LAST_REQUESTS / 1000} s after the shop began to stop.`);
  }

  private end(response: ServerResponse): void {
    if (this.open.delete(response) && this.answering() === 0) this.emptied();
  }

  /** An event stream has no end to wait for. */
  private answering(): number {
    return [...this.open.keys()].filter((response) => !isEventStream(response)).length;
  }
}

const isEventStream = (response: ServerResponse): boolean =>
  response.headersSent && String(response.getHeader('content-type')).startsWith('text/event-stream');
