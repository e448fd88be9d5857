import { Injectable } from '@nestjs/common';
import type { PlacedOrder } from '../../contracts/index.js';
import { changeOne, insertOnce } from '../../database/effect-row.js';
import { v7, type Effects } from '../../messaging/index.js';
import { Carrier } from './carrier.js';
import { ShipmentAnnouncer } from './shipment-announcer.js';
import { Shipment } from './shipment.entity.js';

@Injectable()
export class ShippingService {
  constructor(
    private readonly carrier: Carrier,
    private readonly announcer: ShipmentAnnouncer,
  ) {}

  /** Books the carrier for a confirmed order. The carrier knows a repeat by its key. */
  async book(order: PlacedOrder, effects: Effects): Promise<void> {
    const { orderId } = order;
    const { tracking } = await this.carrier.book(orderId);
    await effects.once(async (tx) => {
      const row = { id: v7(), orderId, tracking };
      const shipment = await insertOnce<Pick<Shipment, 'id' | 'sequence'>>(tx, Shipment, row, 'id, sequence');
      if (shipment)
        await this.announcer.scheduled(tx, { orderId, shipmentId: shipment.id, tracking, sequence: shipment.sequence });
    });
  }

  /** Takes the booking of a cancelled order back. */
  async cancel(order: PlacedOrder, effects: Effects): Promise<void> {
    const { orderId } = order;
    await this.carrier.cancel(orderId);
    await effects.once(async (tx) => {
      const shipment = await changeOne<Pick<Shipment, 'id' | 'sequence' | 'tracking'>>(
        tx,
        Shipment,
        { cancelledAt: () => 'clock_timestamp()', sequence: () => 'sequence + 1' },
        ['order_id = :orderId AND cancelled_at IS NULL', { orderId }],
        'id, sequence, tracking',
      );
      if (!shipment) return;
      const { id: shipmentId, tracking, sequence } = shipment;
      await this.announcer.cancelled(tx, { orderId, shipmentId, tracking, sequence });
    });
  }
}
