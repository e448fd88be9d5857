import http from 'node:http';
import { z } from 'zod';
import { KeyReused } from './first-answers.js';

const LARGEST_BODY = 64 * 1024;

/** An answer other than success, and why. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    sentence: string,
  ) {
    super(sentence);
  }
}

export interface Call {
  params: string[];
  query: URLSearchParams;
  /** @throws Refusal 400, 413 or 422. */
  body<T extends z.ZodType>(schema: T): Promise<z.infer<T>>;
  /** @throws Refusal 400 when the header is missing. */
  idempotencyKey(): string;
  request: http.IncomingMessage;
  response: http.ServerResponse;
}

export type Reply = { status: number; body: unknown } | { html: string } | 'answered';
export type Route = [method: string, path: RegExp, answer: (call: Call) => Promise<Reply> | Reply];

/** A small HTTP server over a list of routes; errors are answered as {error}. */
export function serve(routes: Route[]): http.Server {
  return http.createServer((request, response) => {
    answer(routes, request, response).catch((error: unknown) => {
      const status = error instanceof Refusal ? error.status : error instanceof KeyReused ? 422 : 500;
      if (!response.headersSent) json(response, status, { error: (error as Error).message });
    });
  });
}

async function answer(routes: Route[], request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-ins');
  for (const [method, path, act] of routes) {
    const found = request.method === method && path.exec(pathname);
    if (!found) continue;
    const reply = await act({
      params: found.slice(1).map(decode),
      query: searchParams,
      body: (schema) => readBody(request, schema),
      idempotencyKey: () => keyOf(request),
      request,
      response,
    });
    if (reply === 'answered') return;
    if ('html' in reply) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(reply.html);
      return;
    }
    return json(response, reply.status, reply.body);
  }
  throw new Refusal(404, `There is no ${request.method} ${pathname} here.`);
}

function json(response: http.ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400, 'The path is not well encoded.');
  }
}

function keyOf(request: http.IncomingMessage): string {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key.length < 1 || key.length > 255)
    throw new Refusal(400, 'Send an Idempotency-Key of 1 to 255 characters.');
  return key;
}

async function readBody<T extends z.ZodType>(request: http.IncomingMessage, schema: T): Promise<z.infer<T>> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LARGEST_BODY) throw new Refusal(413, 'The body is larger than 64 KiB.');
    parts.push(part);
  }
  const parsed = schema.safeParse(parseJson(Buffer.concat(parts).toString('utf8')));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new Refusal(422, `${path.join('.') || 'body'}: ${message}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'The body is not JSON.');
  }
}
