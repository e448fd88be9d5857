import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { METRICS } from './metrics.js';

/** Counts, in every mode, what was to follow a commit and did not: it is the only trace beside the log. */
@Injectable()
export class AfterCommitMetrics {
  private readonly counter: Counter<'hearer'>;

  constructor(@Inject(METRICS) registry: Registry) {
    const help = 'Work after the commit that failed and that nobody repeats, by hearer.';
    const registers = [registry];
    this.counter = new Counter({ name: 'shop_calls_passed_over_total', help, labelNames: ['hearer'], registers });
  }

  failed(hearer: string): void {
    this.counter.inc({ hearer });
  }
}
