import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, Cacheable, Id, IdempotencyKeyHeader, PreferredWait } from '../../http/index.js';
import { OrderQueries } from './order.queries.js';
import { OrderPage, OrderQuery, OrdersOfUser, OrderView, PlaceOrder } from './orders.schemas.js';
import { OrdersService } from './orders.service.js';

/** The part of the answer that a handler sets itself. */
interface Reply {
  header(name: string, value: string): unknown;
}

@ApiTags('orders')
@Controller()
export class OrdersController {
  constructor(
    private readonly orders: OrdersService,
    private readonly queries: OrderQueries,
  ) {}

  /** Places an order. */
  @Post('orders')
  @Answers(201, OrderView, [400, 402, 409, 413, 415, 422, 503])
  async place(
    @Body({ schema: PlaceOrder }) command: PlaceOrder,
    @IdempotencyKeyHeader() key: string | undefined,
    @PreferredWait() waitMs: number | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<OrderView> {
    const answer = await this.orders.place(command, key);
    if (waitMs === undefined) return answer;
    reply.header('preference-applied', `wait=${waitMs / 1000}`);
    return this.queries.afterPayment(answer.id, waitMs);
  }

  /** Orders in the order of their placing. */
  @Get('orders')
  @Answers(200, OrderPage, [422, 503])
  list(@Query({ schema: OrderQuery }) query: OrderQuery): Promise<OrderPage> {
    return this.queries.list(query);
  }

  @Get('orders/:id')
  @Answers(200, OrderView, [400, 404, 503])
  get(@Param('id', { schema: Id }) id: string): Promise<OrderView> {
    return this.queries.get(id);
  }

  /** Cancels an order: what was paid is refunded, what was booked is taken back. */
  @Post('orders/:id/cancel')
  @HttpCode(200)
  @Answers(200, OrderView, [400, 404, 409, 413, 415, 503])
  cancel(@Param('id', { schema: Id }) id: string): Promise<OrderView> {
    return this.orders.cancel(id);
  }

  /** What a user has ordered and spent. */
  @Get('users/:id/orders')
  @Cacheable('user', 'id')
  @Answers(200, OrdersOfUser, [400, 503])
  ofUser(@Param('id', { schema: Id }) id: string): Promise<OrdersOfUser> {
    return this.queries.ofUser(id);
  }
}
