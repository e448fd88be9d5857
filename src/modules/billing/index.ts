export { BillingModule } from './billing.module.js';
export { BillingService } from './billing.service.js';
export { CardDeclined } from './billing.errors.js';
export { Invoice } from './invoice.entity.js';
export { PaymentAnnouncer } from './payment-announcer.js';
export { Refund } from './refund.entity.js';
