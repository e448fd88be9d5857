import type { PlacedOrder } from '../../contracts/index.js';

interface Letter {
  subject: string;
  text: string;
}

const money = ({ total, currency }: PlacedOrder): string => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(total / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
};

/** The mails of the shop, by template. */
export const letters = {
  welcome: (): Letter => ({
    subject: 'Welcome to the shop',
    text: 'your account is ready. We are glad to have you.',
  }),
  order_received: (order: PlacedOrder): Letter => ({
    subject: `We have your order ${order.orderId}`,
    text: `we have received your order over ${money(order)} and will tell you when it is paid.`,
  }),
  order_confirmed: (order: PlacedOrder): Letter => ({
    subject: `Your order ${order.orderId} is confirmed`,
    text: `we have received your payment of ${money(order)}. Your order is on its way to the carrier.`,
  }),
  payment_declined: (order: PlacedOrder): Letter => ({
    subject: `Your payment for order ${order.orderId} was declined`,
    text: `your card was declined, and nothing was charged. You are welcome to order again.`,
  }),
  order_cancelled: (order: PlacedOrder): Letter => ({
    subject: `Your order ${order.orderId} is cancelled`,
    text: `your order over ${money(order)} is cancelled. What you have paid is given back.`,
  }),
};

export type Template = keyof typeof letters;
export type OrderTemplate = Exclude<Template, 'welcome'>;
