export { Shipment } from './shipment.entity.js';
export { ShipmentAnnouncer } from './shipment-announcer.js';
export { ShippingModule } from './shipping.module.js';
export { ShippingService } from './shipping.service.js';
