import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { AlwaysAdmitted, Answers } from '../http/index.js';
import { METRICS } from './metrics.js';

@ApiTags('operations')
@AlwaysAdmitted()
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(METRICS) private readonly registry: Registry) {}

  /** Figures for Prometheus, in its text format. */
  @Get()
  @Answers(200, z.string(), [], 'text/plain')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
