import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../../config.js';
import { BillingService, BillingSettings } from './billing.service.js';
import { BillingSubscriber } from './billing.subscriber.js';
import { HttpPaymentProvider } from './http.payment-provider.js';
import { PaymentProvider } from './payment-provider.js';

@Module({
  controllers: [BillingSubscriber],
  providers: [
    BillingService,
    {
      provide: PaymentProvider,
      inject: [CONFIG],
      useFactory: (config: Config) =>
        new HttpPaymentProvider(config.PAYMENT_URL, {
          timeoutMs: config.PROVIDER_TIMEOUT,
          attempts: 1 + config.SYNC_RETRIES,
        }),
    },
    {
      provide: BillingSettings,
      inject: [CONFIG],
      useFactory: (config: Config): BillingSettings => ({ providerKeyWindowMs: config.PROVIDER_KEY_WINDOW }),
    },
  ],
  exports: [BillingService],
})
export class BillingModule {}
