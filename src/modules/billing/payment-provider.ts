/** What the payment provider is asked. */
export interface ChargeRequest {
  orderId: string;
  amount: number;
  currency: string;
}

export interface Charge {
  id: string;
  status: 'captured' | 'declined';
  reason?: string;
}

/** Takes and gives back money. Every call carries a key under which the provider answers a repeat as it did first. */
export abstract class PaymentProvider {
  /** @throws ProviderUnavailable, ProviderRefused; a declined card is an answer, not an error. */
  abstract charge(request: ChargeRequest): Promise<Charge>;

  /** The charge that stands for an order, where the provider has forgotten its keys. */
  abstract find(orderId: string): Promise<Charge | undefined>;

  /** Gives back what was charged for an order; undefined when there is nothing to give back. */
  abstract refund(orderId: string): Promise<{ id: string; amount: number } | undefined>;
}
