import { Controller, Get, Query, Sse, type MessageEvent } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { catchError, concatMap, distinctUntilChanged, EMPTY, filter, from, map, timer, type Observable } from 'rxjs';
import { z } from 'zod';
import { Answers } from '../../http/index.js';
import { SalesQueries } from './sales.queries.js';
import { SalesQuery, SalesReport, type SalesDay } from './sales.schemas.js';

const LOOK_EVERY_MS = 1000;

@ApiTags('analytics')
@Controller('analytics')
export class AnalyticsController {
  constructor(private readonly sales: SalesQueries) {}

  /** What was sold, by day. */
  @Get('sales')
  @Answers(200, SalesReport, [422, 503])
  report(@Query({ schema: SalesQuery }) query: SalesQuery): Promise<SalesReport> {
    return this.sales.report(query);
  }

  /** Each day whose figures change, as server-sent events; read from the table, so any process may have changed them. */
  @Sse('stream')
  @Answers(200, z.string(), [], 'text/event-stream')
  stream(): Observable<MessageEvent> {
    let since: string | null = null;
    const look = async (): Promise<SalesDay[]> => {
      const { days, until } = await this.sales.changedSince(since);
      since = until;
      return days;
    };
    return timer(0, LOOK_EVERY_MS).pipe(
      // A database that is away ends nothing: the next look shows what was missed.
      concatMap(() => from(look()).pipe(catchError(() => EMPTY))),
      filter((days) => days.length > 0),
      map((days) => JSON.stringify(days)),
      distinctUntilChanged(),
      map((data) => ({ type: 'sales', data })),
    );
  }
}
