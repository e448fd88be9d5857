import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { COMM_MODES } from '../config.js';
import { Answers, Id } from '../http/index.js';
import { Failure } from '../messaging/index.js';

const Timeline = z
  .object({
    orderId: z.uuid(),
    mode: z.enum(COMM_MODES).meta({ description: 'that of the placing' }),
    effects: z.array(
      z.object({
        effect: z.string(),
        template: z.string().optional().meta({ description: 'of mail.sent: which mail' }),
        at: z.iso.datetime(),
        afterMs: z.number().meta({ description: 'since order.placed' }),
      }),
    ),
  })
  .meta({ id: 'Timeline' });
type Timeline = z.infer<typeof Timeline>;

interface Row {
  mode: Timeline['mode'];
  effect: string;
  detail: string | null;
  at: Date;
  afterMs: number;
}

class NoSuchOrder extends Failure {
  readonly code = 'order_not_found';
  readonly retryable = false;
}

/** What an order has caused so far, in all modules; read from a view, so that no module has to know it. */
@ApiTags('orders')
@Controller('orders')
export class TimelineController {
  constructor(private readonly db: DataSource) {}

  /** Every effect of an order in the order of its happening, by the clock of the database. */
  @Get(':id/timeline')
  @Answers(200, Timeline, [404])
  async timeline(@Param('id', { schema: Id }) id: string): Promise<Timeline> {
    const rows: Row[] = await this.db.query(
      `SELECT o.mode, t.effect, t.detail, t.at, round(extract(epoch FROM t.at - o.placed_at) * 1000, 1)::float8 AS "afterMs"
       FROM orders o JOIN order_timeline t ON t.order_id = o.id
       WHERE o.id = $1 ORDER BY t.at, t.effect <> 'order.placed', t.effect, t.detail`,
      [id],
    );
    const [first] = rows;
    if (!first) throw new NoSuchOrder(`There is no order ${id}.`);
    return {
      orderId: id,
      mode: first.mode,
      effects: rows.map(({ effect, detail, at, afterMs }) => ({
        effect,
        ...(effect === 'mail.sent' && detail !== null && { template: detail }),
        at: at.toISOString(),
        afterMs,
      })),
    };
  }
}
