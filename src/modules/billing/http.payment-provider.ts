import { z } from 'zod';
import { callProvider, type ProviderSettings } from '../../providers/index.js';
import { PaymentProvider, type Charge, type ChargeRequest } from './payment-provider.js';

const ChargeAnswer = z.object({
  id: z.string(),
  status: z.enum(['captured', 'declined']),
  reason: z.string().optional(),
});
const ChargeList = z.object({ charges: z.array(ChargeAnswer) });
const RefundAnswer = z.object({ status: z.string(), id: z.string().optional(), amount: z.int().optional() });

export class HttpPaymentProvider extends PaymentProvider {
  constructor(
    private readonly url: string,
    private readonly settings: ProviderSettings,
  ) {
    super();
  }

  async charge(body: ChargeRequest): Promise<Charge> {
    const idempotencyKey = `charge:${body.orderId}`;
    return ChargeAnswer.parse(await this.call({ method: 'POST', url: this.at('charges'), idempotencyKey, body }));
  }

  async find(orderId: string): Promise<Charge | undefined> {
    const url = this.at('charges');
    url.searchParams.set('orderId', orderId);
    return ChargeList.parse(await this.call({ method: 'GET', url })).charges[0];
  }

  async refund(orderId: string): Promise<{ id: string; amount: number } | undefined> {
    const idempotencyKey = `refund:${orderId}`;
    const answer = RefundAnswer.parse(
      await this.call({ method: 'POST', url: this.at('refunds'), idempotencyKey, body: { orderId } }),
    );
    return answer.id !== undefined && answer.amount !== undefined
      ? { id: answer.id, amount: answer.amount }
      : undefined;
  }

  private at(path: string): URL {
    return new URL(path, this.url.endsWith('/') ? this.url : `${this.url}/`);
  }

  private call(request: Parameters<typeof callProvider>[1]): Promise<unknown> {
    return callProvider('The payment provider', request, this.settings);
  }
}
