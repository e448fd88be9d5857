import { failpoints, Failure } from '../messaging/index.js';

/** A provider is down, too slow, or says that it cannot answer now. */
export class ProviderUnavailable extends Failure {
  readonly code = 'provider_unavailable';
  readonly retryable = true;
  readonly retryAfterSeconds = 2;
}

/** A provider refuses the request as it is: no repetition will change that. */
export class ProviderRefused extends Failure {
  readonly code = 'provider_refused';
  readonly retryable = false;
}

/** How providers are called: settings of the whole application. */
export interface ProviderSettings {
  timeoutMs: number;
  /** Calls in all, under the same idempotency key, before the caller hears of a failure. */
  attempts: number;
}

interface ProviderRequest {
  method: 'GET' | 'POST' | 'DELETE';
  url: URL;
  idempotencyKey?: string;
  body?: unknown;
}

/**
 * Calls a provider over HTTP within its time limit and gives its JSON answer.
 * @throws ProviderUnavailable for whatever another try may cure, ProviderRefused for the rest.
 */
export async function callProvider(
  name: string,
  request: ProviderRequest,
  settings: ProviderSettings,
): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await callOnce(name, request, settings.timeoutMs);
    } catch (error) {
      if (attempt >= settings.attempts || !(error instanceof ProviderUnavailable)) throw error;
    }
  }
}

async function callOnce(name: string, request: ProviderRequest, timeoutMs: number): Promise<unknown> {
  const headers: Record<string, string> = {};
  if (request.idempotencyKey) headers['idempotency-key'] = request.idempotencyKey;
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  let text: string;
  try {
    response = await fetch(request.url, {
      method: request.method,
      headers,
      body: request.body === undefined ? undefined : JSON.stringify(request.body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await response.text();
    await failpoints.reach('provider.after-answer');
  } catch (error) {
    // fetch says TypeError for a dead host and TimeoutError for a slow one.
    const slow = (error as Error).name === 'TimeoutError';
    throw new ProviderUnavailable(slow ? `${name} took more than ${timeoutMs} ms.` : `${name} cannot be reached.`, {
      cause: error,
    });
  }
  if (response.status >= 500 || response.status === 429 || response.status === 408)
    throw new ProviderUnavailable(`${name} answered ${response.status}.`);
  if (!response.ok) throw new ProviderRefused(`${name} answered ${response.status}: ${text.slice(0, 200)}`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProviderUnavailable(`${name} answered with something that is not JSON.`, { cause: error });
  }
}
