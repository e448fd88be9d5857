import { Registration, Sale } from './modules/analytics/index.js';
import { Invoice, Refund } from './modules/billing/index.js';
import { Contact, SentMail } from './modules/notifications/index.js';
import { Order } from './modules/orders/index.js';
import { Shipment } from './modules/shipping/index.js';
import { User } from './modules/users/index.js';

/** Every entity of the shop, by hand. The tables of `messaging` have none: they are read and written as SQL. */
export const ENTITIES = [User, Order, Invoice, Refund, Shipment, Contact, SentMail, Sale, Registration];
