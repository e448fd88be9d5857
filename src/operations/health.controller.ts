import { Controller, Get, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Admission, AlwaysAdmitted, Answers } from '../http/index.js';
import { Messaging } from '../messaging/index.js';
import { within } from './within.js';

const DATABASE_PATIENCE = 1000;
const OK = 'ok';

const Live = z.object({ live: z.boolean(), detail: z.string() }).meta({ id: 'Liveness' });
const Check = z.string().meta({ description: '`ok`, or a sentence that says what is missing' });
const Ready = z
  .object({ ready: z.boolean(), checks: z.object({ database: Check, messaging: Check, admission: Check }) })
  .meta({ id: 'Readiness' });

@ApiTags('operations')
@AlwaysAdmitted()
@Controller('health')
export class HealthController {
  constructor(
    private readonly db: DataSource,
    private readonly messaging: Messaging,
    private readonly admission: Admission,
  ) {}

  /** 503 when only a restart can help. */
  @Get('live')
  @Answers(200, Live)
  @ApiResponse({ status: 503, description: 'Replace this process', standardSchema: Live })
  live(@Res({ passthrough: true }) reply: FastifyReply): z.infer<typeof Live> {
    const death = this.messaging.live();
    void reply.status(death ? 503 : 200);
    return { live: !death, detail: death ?? OK };
  }

  /** 503 while requests should go elsewhere, and what this process waits for. */
  @Get('ready')
  @Answers(200, Ready)
  @ApiResponse({ status: 503, description: 'Not ready', standardSchema: Ready })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<z.infer<typeof Ready>> {
    const { waitingFor } = this.messaging.state();
    const checks = {
      database: await this.database(),
      messaging: waitingFor.join('; ') || OK,
      admission: this.admission.unready ?? OK,
    };
    const ready = Object.values(checks).every((check) => check === OK);
    void reply.status(ready ? 200 : 503);
    return { ready, checks };
  }

  private async database(): Promise<string> {
    try {
      await within(DATABASE_PATIENCE, this.db.query('SELECT 1'));
      return OK;
    } catch (error) {
      return `PostgreSQL does not answer: ${(error as Error).message}`;
    }
  }
}
