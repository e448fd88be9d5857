export { Order } from './order.entity.js';
export { OrderAnnouncer } from './order-announcer.js';
export { OrderFulfilmentAnnouncer } from './order-fulfilment-announcer.js';
export { OrderFulfilmentService } from './order-fulfilment.service.js';
export { OrderPaymentAnnouncer } from './order-payment-announcer.js';
export { OrderPaymentService } from './order-payment.service.js';
export { OrdersModule } from './orders.module.js';
