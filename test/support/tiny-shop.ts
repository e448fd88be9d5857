import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Body, Controller, Get, Module, Param, Post, Query, Res, Sse } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NEVER, type Observable } from 'rxjs';
import { z } from 'zod';
import {
  AlwaysAdmitted,
  Answers,
  describeApi,
  httpAdapter,
  HttpModule,
  Id,
  IdempotencyKeyHeader,
  InFlight,
  PreferredWait,
} from '../../src/http/index.js';
import { currentContext, Failure } from '../../src/messaging/index.js';

const Order = z
  .strictObject({
    userId: Id,
    lines: z.array(z.strictObject({ sku: z.string().max(64), quantity: z.int().min(1).max(10_000) })).max(500),
    note: z.string().optional(),
  })
  .meta({ id: 'NewOrder' });

class ProviderUnavailable extends Failure {
  readonly code = 'provider_unavailable';
  readonly retryable = true;
  readonly retryAfterSeconds = 7;
  readonly details = { orderId: '018f2f7e-0000-7000-8000-000000000001' };
}

export const SECRET = 'the-secret-of-a-stack-trace';
/** Lets the request of that name be answered. */
export const waiting = new Map<string, () => void>();

@Controller('orders')
class OrdersController {
  @Post()
  @Answers(201, Order)
  place(
    @Body({ schema: Order }) order: z.infer<typeof Order>,
    @IdempotencyKeyHeader() key?: string,
    @PreferredWait() wait?: number,
  ) {
    return { ...order, key, wait };
  }

  @Get()
  @Answers(200, z.strictObject({}))
  list(@Query({ schema: z.strictObject({ limit: z.coerce.number().int().min(1).optional() }) }) query: object) {
    return query;
  }

  @Get(':id')
  @Answers(200, z.strictObject({ id: Id }), [404])
  read(@Param('id', { schema: Id }) id: string) {
    return { id };
  }

  @Post(':id/cancel')
  @Answers(200, z.strictObject({ id: Id }), [409])
  cancel(@Param('id', { schema: Id }) id: string) {
    return { id };
  }
}

@Controller()
class OddController {
  constructor(private readonly inFlight: InFlight) {}

  @Get('defect')
  defect() {
    throw new Error(SECRET);
  }

  @Get('torn')
  async torn(@Res() reply: { raw: ServerResponse }) {
    await new Promise((resolve) => reply.raw.write('half of', resolve));
    throw new Error(SECRET);
  }

  @Get('provider')
  provider() {
    throw new ProviderUnavailable('The payment provider does not answer: try again.');
  }

  @Get('database')
  database() {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  }

  @Get('unlisted')
  unlisted() {
    throw new (class extends Failure {
      readonly code = 'a_code_without_a_status';
      readonly retryable = false;
    })(SECRET);
  }

  @AlwaysAdmitted()
  @Get('health')
  health() {
    return currentContext();
  }

  @Post('slow')
  slow() {
    return new Promise((resolve) => waiting.set('slow', () => resolve({ inFlight: this.inFlight.count })));
  }

  @Sse('stream')
  stream(): Observable<object> {
    return NEVER;
  }
}

@Module({ imports: [HttpModule], controllers: [OrdersController, OddController] })
class TinyShop {}

export const USER = '018f2f7e-0000-7000-8000-00000000000a';
export const order = { userId: USER, lines: [{ sku: 'tea', quantity: 1 }] };

/** The HTTP side of the shop, with routes that misbehave and without anything behind them. */
export async function openTinyShop() {
  const options = { bodyParser: false, logger: false as const, abortOnError: false };
  const app = await NestFactory.create<NestFastifyApplication>(TinyShop, httpAdapter(), options);
  describeApi(app);
  await app.listen(0, '127.0.0.1');
  return new OpenTinyShop(app);
}

export class OpenTinyShop {
  constructor(readonly app: NestFastifyApplication) {}

  async post(url: string, payload: string | Buffer, headers: Record<string, string> = {}) {
    const type = { 'content-type': 'application/json' };
    return read(await this.app.inject({ method: 'POST', url, payload, headers: { ...type, ...headers } }));
  }

  get(url: string, headers: Record<string, string> = {}) {
    return this.send('GET', url, headers);
  }

  async send(method: string, url: string, headers: Record<string, string> = {}) {
    return read(await this.app.inject({ method: method as 'GET', url, headers }));
  }

  /** Writes bytes to the port and reads until the server closes the connection. */
  async raw(bytes: string): Promise<string> {
    const { port } = this.app.getHttpServer().address() as AddressInfo;
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    let answer = '';
    socket.on('data', (part: string) => (answer += part));
    socket.write(bytes);
    await once(socket, 'close');
    return answer;
  }
}

/** An answer; every refusal must be a problem document. */
function read(answer: { statusCode: number; headers: Record<string, unknown>; body: string }) {
  const isJson = String(answer.headers['content-type']).includes('json');
  const body = isJson ? JSON.parse(answer.body) : answer.body;
  if (answer.statusCode >= 400) {
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(body).toMatchObject({ type: 'about:blank', status: answer.statusCode, code: expect.any(String) });
  }
  const fields = (body?.errors as { field: string }[] | undefined)?.map((error) => error.field);
  return { status: answer.statusCode, headers: answer.headers, body, code: body?.code, fields };
}
