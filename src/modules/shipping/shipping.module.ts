import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../../config.js';
import { Carrier } from './carrier.js';
import { HttpCarrier } from './http.carrier.js';
import { ShippingService } from './shipping.service.js';
import { ShippingSubscriber } from './shipping.subscriber.js';

@Module({
  controllers: [ShippingSubscriber],
  providers: [
    ShippingService,
    {
      provide: Carrier,
      inject: [CONFIG],
      useFactory: (config: Config) =>
        new HttpCarrier(config.CARRIER_URL, { timeoutMs: config.PROVIDER_TIMEOUT, attempts: 1 + config.SYNC_RETRIES }),
    },
  ],
  exports: [ShippingService],
})
export class ShippingModule {}
