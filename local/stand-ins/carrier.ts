import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Deed, type FirstAnswers, pastDeeds } from './first-answers.js';
import type { Ledger } from './ledger.js';

export const BookingRequest = z.object({ orderId: z.string().min(1).max(200) });

export interface Booking extends Deed {
  id: string;
  tracking: string;
}

/** The parcel service. Two keys for one order are two parcels. */
export class Carrier {
  private readonly bookings = new Map<string, Booking[]>();
  private readonly cancelled = new Set<string>();

  constructor(
    private readonly answers: FirstAnswers,
    ledger: Ledger,
  ) {
    for (const { kind, deed } of pastDeeds(ledger)) {
      if (kind === 'booking') this.keep(deed as Booking);
      if (kind === 'unbooking') this.cancel(deed.orderId);
    }
  }

  async book(key: string, request: z.infer<typeof BookingRequest>): Promise<Deed> {
    const deed = await this.answers.once('booking', key, request, () => {
      const tracking = `SW${randomUUID().replaceAll('-', '').slice(0, 12).toUpperCase()}`;
      return this.keep({ id: `bk_${randomUUID()}`, orderId: request.orderId, tracking, at: new Date().toISOString() });
    });
    return deed!;
  }

  /** Takes back every parcel of the order that still stands; undefined when there is none. */
  unbook(key: string, orderId: string): Promise<Deed | undefined> {
    return this.answers.once('unbooking', key, { orderId }, () =>
      this.cancel(orderId) ? { orderId, status: 'cancelled', at: new Date().toISOString() } : undefined,
    );
  }

  /** All bookings of an order, with what has become of them. */
  of(orderId: string): (Booking & { status: 'booked' | 'cancelled' })[] {
    return (this.bookings.get(orderId) ?? []).map((booking) => ({
      ...booking,
      status: this.cancelled.has(booking.id) ? ('cancelled' as const) : ('booked' as const),
    }));
  }

  private cancel(orderId: string): boolean {
    const standing = this.of(orderId).filter(({ status }) => status === 'booked');
    standing.forEach(({ id }) => this.cancelled.add(id));
    return standing.length > 0;
  }

  private keep(booking: Booking): Booking {
    this.bookings.set(booking.orderId, [...(this.bookings.get(booking.orderId) ?? []), booking]);
    return booking;
  }
}
