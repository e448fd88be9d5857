import { z } from 'zod';
import { event } from '../event.js';

/** A delivery waits for a person. A reference, never the bytes: `npm run parked` and /admin/parked show the rest. */
export const DeliveryParked = event({
  name: 'delivery.parked',
  version: 1,
  topic: 'dead-letters',
  key: (letter) => letter.parkedId,
  sequence: () => 1,
  schema: z.object({
    parkedId: z.string(),
    subscriber: z.string(),
    topic: z.string(),
    key: z.string(),
    eventId: z.uuid(),
    name: z.string().optional(),
    partition: z.int(),
    offset: z.string(),
    code: z.string(),
    error: z.string(),
    excerpt: z.string(),
  }),
});
