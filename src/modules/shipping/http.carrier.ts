import { z } from 'zod';
import { callProvider, type ProviderSettings } from '../../providers/index.js';
import { Carrier, type Booking } from './carrier.js';

const BookingAnswer = z.object({ tracking: z.string().min(1).max(200) });

export class HttpCarrier extends Carrier {
  constructor(
    private readonly url: string,
    private readonly settings: ProviderSettings,
  ) {
    super();
  }

  async book(orderId: string): Promise<Booking> {
    const idempotencyKey = `book:${orderId}`;
    return BookingAnswer.parse(
      await this.call({ method: 'POST', url: this.at('bookings'), idempotencyKey, body: { orderId } }),
    );
  }

  async cancel(orderId: string): Promise<void> {
    const idempotencyKey = `unbook:${orderId}`;
    await this.call({ method: 'DELETE', url: this.at(`bookings/${orderId}`), idempotencyKey });
  }

  private at(path: string): URL {
    return new URL(path, this.url.endsWith('/') ? this.url : `${this.url}/`);
  }

  private call(request: Parameters<typeof callProvider>[1]): Promise<unknown> {
    return callProvider('The carrier', request, this.settings);
  }
}
