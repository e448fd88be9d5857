import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { Admission, AdmissionGuard } from './admission.js';
import { InFlight } from './in-flight.js';
import { ProblemFilter } from './problem.filter.js';
import { ValidationPipe } from './validation.pipe.js';

/** What every route has: its input is checked, its errors are problem documents, and it is counted while it runs. */
@Global()
@Module({
  providers: [
    Admission,
    InFlight,
    { provide: APP_GUARD, useClass: AdmissionGuard },
    { provide: APP_PIPE, useClass: ValidationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [Admission, InFlight],
})
export class HttpModule {}
