import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { AsyncApiController } from '../http/asyncapi.controller.js';
import { AdminController } from './admin.controller.js';
import { AfterCommitMetrics } from './after-commit-metrics.js';
import { HealthController } from './health.controller.js';
import { HttpMetrics } from './http-metrics.js';
import { LandingController } from './landing.controller.js';
import { MessagingMetrics } from './messaging-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { METRICS, openRegistry } from './metrics.js';
import { PruningService } from './pruning.service.js';
import { TimelineController } from './timeline.controller.js';

const CONTROLLERS = [LandingController, HealthController, MetricsController, TimelineController, AsyncApiController];

/** What operators and probes ask; modules find the registry of metrics here. */
@Global()
@Module({})
export class OperationsModule {
  static for(config: Pick<Config, 'ADMIN_TOKEN' | 'COMM_MODE'>): DynamicModule {
    return {
      module: OperationsModule,
      controllers: config.ADMIN_TOKEN ? [...CONTROLLERS, AdminController] : CONTROLLERS,
      providers: [
        { provide: METRICS, useFactory: () => openRegistry(config.COMM_MODE) },
        AfterCommitMetrics,
        HttpMetrics,
        MessagingMetrics,
        PruningService,
      ],
      exports: [METRICS, AfterCommitMetrics],
    };
  }
}
