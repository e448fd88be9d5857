import { Module } from '@nestjs/common';
import { AnalyticsController } from './analytics.controller.js';
import { AnalyticsService } from './analytics.service.js';
import { AnalyticsSubscriber } from './analytics.subscriber.js';
import { SalesQueries } from './sales.queries.js';

@Module({
  controllers: [AnalyticsController, AnalyticsSubscriber],
  providers: [AnalyticsService, SalesQueries],
  exports: [AnalyticsService],
})
export class AnalyticsModule {}
