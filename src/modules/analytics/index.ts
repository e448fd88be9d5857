export { AnalyticsModule } from './analytics.module.js';
export { AnalyticsService } from './analytics.service.js';
export { Registration } from './registration.entity.js';
export { Sale } from './sale.entity.js';
