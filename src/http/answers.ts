import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import type { z } from 'zod';
import { PROBLEM_TYPE } from './problem.js';
import { PROBLEM_STATUS } from './problem-status.js';

/** The response of `/openapi.json` for a problem status; it names the codes that are answered with it. */
export function problemResponse(status: number) {
  const codes = Object.keys(PROBLEM_STATUS).filter((code) => PROBLEM_STATUS[code] === status);
  const content = { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };
  const text = (description: string, required = true) => ({
    description,
    required,
    schema: { type: 'string' as const },
  });
  const headers = {
    ...(status === 401 && { 'WWW-Authenticate': text('The scheme: Bearer.') }),
    ...(status === 409 && { 'Retry-After': text('Seconds to wait, where another attempt may succeed.', false) }),
    ...(status === 503 && { 'Retry-After': text('Seconds to wait before the next attempt.') }),
  };
  return { description: `A problem: ${codes.join(', ')}`, headers, content };
}

/**
 * Sets the status of a route's success and declares all its answers for `/openapi.json`. The problems that follow
 * from a body, a path or a query, and 503, are declared by themselves.
 */
export function Answers(status: number, schema: z.ZodType, problems: number[] = [], type = 'application/json') {
  const refusals = problems.map((problem) => ApiResponse({ status: problem, ...problemResponse(problem) }));
  return applyDecorators(HttpCode(status), ApiResponse(success(status, schema, type)), ...refusals);
}

function success(status: number, schema: z.ZodType, type: string): ApiResponseOptions {
  const described = { status, description: 'Success' };
  if (status === 204) return described;
  if (type === 'application/json') return { ...described, standardSchema: schema };
  return { ...described, content: { [type]: { schema: { type: 'string' } } } };
}
