import { randomUUID } from 'node:crypto';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

export interface OrderBody {
  id: string;
  userId: string;
  status: string;
  lines: { sku: string; quantity: number; unitPrice: number }[];
  total: number;
  currency: string;
  placedAt: string;
}

export interface Timeline {
  orderId: string;
  mode: string;
  effects: { effect: string; at: string; afterMs: number; template?: string }[];
}

/** Amounts that the payment stand-in understands. */
export const DECLINED_AMOUNT = 402;

/** Talks to a shop as a client would: over HTTP, with no knowledge of the mode. */
export class Customer {
  constructor(private readonly url: string) {}

  async request<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Answer<T>> {
    const response = await fetch(new URL(path, this.url), {
      method,
      signal,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as T) : (text as T);
    return { status: response.status, headers: response.headers, body: json };
  }

  get<T = Record<string, unknown>>(path: string, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.request<T>('GET', path, undefined, headers);
  }

  /** Registers a user nobody else has; its id. */
  async register(name = 'Ada Lovelace'): Promise<{ id: string; email: string; name: string }> {
    const email = `${randomUUID()}@example.com`;
    const { status, body } = await this.request<{ id: string; email: string; name: string }>('POST', '/users', {
      email,
      name,
    });
    if (status !== 201) throw new Error(`Registration was answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** Orders one thing of `amount` minor units. */
  order(
    userId: string,
    amount = 2500,
    headers: Record<string, string> = {},
    id?: string,
    signal?: AbortSignal,
  ): Promise<Answer<OrderBody>> {
    const lines = [{ sku: 'TEA-1', quantity: 1, unitPrice: amount }];
    return this.request<OrderBody>('POST', '/orders', { userId, lines, currency: 'EUR', id }, headers, signal);
  }

  cancel(orderId: string): Promise<Answer<OrderBody>> {
    return this.request<OrderBody>('POST', `/orders/${orderId}/cancel`);
  }

  async read(orderId: string): Promise<OrderBody> {
    const { status, body } = await this.get<OrderBody>(`/orders/${orderId}`);
    if (status !== 200) throw new Error(`Reading ${orderId} was answered ${status}`);
    return body;
  }

  async timeline(orderId: string): Promise<Timeline> {
    return (await this.get<Timeline>(`/orders/${orderId}/timeline`)).body;
  }
}
