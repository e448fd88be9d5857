import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf, sendProblem } from './problem.js';

/** Answers every error of a request with a problem document; the strategies get the error of a delivery as it was. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const answer = problemOf(error, request.id);
    if (answer.unexpected)
      this.logger.error(`${request.method} ${request.routeOptions.url ?? '?'} (${request.id})`, told(error));
    sendProblem(reply, answer);
  }
}

/** The stack of an error and of each of its causes. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? String(error);
  return error.cause === undefined ? stack : `${stack}\ncaused by ${told(error.cause)}`;
}
