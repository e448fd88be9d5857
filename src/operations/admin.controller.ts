import { Body, Controller, Delete, Get, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AlwaysAdmitted, Answers, InFlight } from '../http/index.js';
import { ParkedDeliveries, Settlement, SubscriberRegistry } from '../messaging/index.js';
import { AdminGuard } from './admin.guard.js';
import {
  OutboxState,
  Parked,
  ParkedId,
  ParkedRecord,
  Redrive,
  Redriven,
  Settled,
  Subscribers,
} from './admin.schemas.js';
import { hearers } from './hearers.js';

/** What an operator sees and may do. Mounted only with an ADMIN_TOKEN. */
@ApiTags('admin')
@ApiBearerAuth('admin')
@AlwaysAdmitted()
@UseGuards(AdminGuard)
@Controller('admin')
export class AdminController {
  constructor(
    private readonly settlement: Settlement,
    private readonly registry: SubscriberRegistry,
    private readonly parkedDeliveries: ParkedDeliveries,
    private readonly inFlight: InFlight,
  ) {}

  /** Whether all that was announced has had its effects, and no request of this process is under way. */
  @Get('settled')
  @Answers(200, Settled, [401])
  async settled(): Promise<z.infer<typeof Settled>> {
    const { settled, missing } = await this.settlement.reading();
    const { count } = this.inFlight;
    if (count === 0) return { settled, missing };
    return { settled: false, missing: [...missing, `${count} requests are in flight`] };
  }

  /** What waits for the relay. */
  @Get('outbox')
  @Answers(200, OutboxState, [401])
  outbox(): Promise<z.infer<typeof OutboxState>> {
    return this.settlement.backlog();
  }

  /** Who hears what, and how far behind each is. */
  @Get('subscribers')
  @Answers(200, Subscribers, [401])
  subscribers(): Promise<Subscribers> {
    return hearers(this.registry, this.settlement);
  }

  /** The oldest parked deliveries, at most 100. */
  @Get('parked')
  @Answers(200, Parked, [401])
  async parked() {
    return { deliveries: await this.parkedDeliveries.list() };
  }

  /** One of them with its record: headers and payload. */
  @Get('parked/:id')
  @Answers(200, ParkedRecord, [401, 404])
  read(@Param('id', { schema: ParkedId }) id: string) {
    return this.parkedDeliveries.read(id);
  }

  /** Makes lanes due now. The order within a lane stays. */
  @Post('parked/redrive')
  @Answers(200, Redriven, [401, 404, 409])
  redrive(@Body({ schema: Redrive }) { id, code, olderThan }: Redrive): Promise<z.infer<typeof Redriven>> {
    return this.parkedDeliveries.redrive({ id, code, olderThanMs: olderThan });
  }

  /** Gives a delivery up for good. */
  @Delete('parked/:id')
  @Answers(204, z.void(), [401, 404, 409])
  delete(@Param('id', { schema: ParkedId }) id: string): Promise<void> {
    return this.parkedDeliveries.delete(id);
  }
}
