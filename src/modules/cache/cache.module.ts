import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { CONFIG, type Config } from '../../config.js';
import { CACHE_STORE, openStore } from './cache-store.js';
import { CacheInterceptor } from './cache.interceptor.js';
import { CacheService } from './cache.service.js';
import { CacheSubscriber } from './cache.subscriber.js';

@Module({
  controllers: [CacheSubscriber],
  providers: [
    CacheService,
    { provide: CACHE_STORE, inject: [CONFIG], useFactory: (config: Config) => openStore(config) },
    { provide: APP_INTERCEPTOR, useClass: CacheInterceptor },
  ],
  exports: [CacheService],
})
export class CacheModule {}
