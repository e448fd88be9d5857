export interface Booking {
  tracking: string;
}

/** Takes parcels. Every call carries a key under which the carrier answers a repeat as it did first. */
export abstract class Carrier {
  /** @throws ProviderUnavailable, ProviderRefused */
  abstract book(orderId: string): Promise<Booking>;
  /** Takes a booking back; nothing to take back is success. */
  abstract cancel(orderId: string): Promise<void>;
}
