import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { abortedForOthers, databaseGone } from '../messaging/database-error.js';
import { Failure } from '../messaging/failure.js';
import { PROBLEM_STATUS } from './problem-status.js';

/** The media type of every answer that is not a success (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json';

/** A problem document; `code` is stable and meant for programs, `detail` for people. */
export const Problem = z
  .looseObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.string(),
    detail: z.string(),
    instance: z.string().optional(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    orderId: z.uuid().optional(),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457); `code` is stable.' });
export type Problem = z.infer<typeof Problem>;

/** An answer that is not a success. `unexpected`: a defect, whose cause belongs into the log and not into the answer. */
export interface ProblemAnswer {
  problem: Problem;
  headers: Record<string, string>;
  unexpected: boolean;
}

/** What a Failure may carry for its answer. */
interface Carried {
  details?: Record<string, unknown>;
  headers?: Record<string, string>;
  retryAfterSeconds?: number;
}

const FASTIFY_CODES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_BAD_URL: 'bad_url',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
};

const SENTENCES: Readonly<Record<string, string>> = {
  body_too_large: 'The body is larger than 1 MiB: send less at once.',
  unsupported_media_type: 'The body is not of a type that is read here: send it as application/json.',
  bad_url: 'The URL cannot be decoded: write each % as %25, or as a correct escape.',
  uri_too_long: 'A part of the URL is too long: shorten it.',
};

const INTERNAL = 'The shop could not answer because of a defect of its own: its log has the cause under this instance.';
const DATABASE = 'The database does not answer or has no room at the moment: try again.';

/** Says an error as a problem document. Never throws, and never tells what is inside of an unexpected one. */
export function problemOf(error: unknown, requestId?: string): ProblemAnswer {
  const { code, detail, carried } = recognised(error);
  const status = PROBLEM_STATUS[code] ?? 500;
  const headers = { ...carried.headers };
  const retryAfter = carried.retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
  const instance = requestId === undefined ? {} : { instance: `urn:request:${encodeURIComponent(requestId)}` };
  const title = STATUS_CODES[status] ?? 'Error';
  const problem: Problem = { ...carried.details, type: 'about:blank', title, status, code, detail, ...instance };
  return { problem, headers, unexpected: status === 500 };
}

/** Sent as bytes: to text Fastify would add a charset, which this media type does not have. */
export function sendProblem(reply: FastifyReply, { problem, headers }: ProblemAnswer): void {
  void reply
    .status(problem.status)
    .headers(headers)
    .type(PROBLEM_TYPE)
    .send(Buffer.from(JSON.stringify(problem)));
}

function recognised(error: unknown): { code: string; detail: string; carried: Carried } {
  if (error instanceof Failure && PROBLEM_STATUS[error.code] !== undefined)
    return { code: error.code, detail: error.message, carried: error as Carried };
  const code = frameworkCode(error);
  if (code) return { code, detail: SENTENCES[code] ?? (error as Error).message, carried: {} };
  if (databaseGone(error) || abortedForOthers(error))
    return { code: 'database_unavailable', detail: DATABASE, carried: {} };
  return { code: 'internal_error', detail: INTERNAL, carried: {} };
}

/** The code of an error of Nest or Fastify that blames the request. */
function frameworkCode(error: unknown): string | undefined {
  const cause = error instanceof HttpException ? error.cause : error;
  const fastify = FASTIFY_CODES[String((cause as { code?: unknown } | undefined)?.code)];
  if (fastify) return fastify;
  const status = error instanceof HttpException ? error.getStatus() : fastifyStatus(error);
  if (status === undefined || status >= 500) return undefined;
  const [code] = Object.entries(PROBLEM_STATUS).find(([, known]) => known === status) ?? [];
  return code ?? 'bad_request';
}

function fastifyStatus(error: unknown): number | undefined {
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  return String(code).startsWith('FST_') && typeof statusCode === 'number' ? statusCode : undefined;
}
