import { z } from 'zod';
import { event, type EventData } from '../messaging/event.js';

/** The only event with an e-mail address in it. */
export const UserRegistered = event({
  name: 'user.registered',
  version: 1,
  topic: 'users',
  key: (user) => user.userId,
  sequence: (user) => user.sequence,
  schema: z.object({
    userId: z.uuid(),
    email: z.string().max(254),
    name: z.string().max(200),
    registeredAt: z.iso.datetime(),
    sequence: z.int().min(1),
  }),
});
export type RegisteredUser = EventData<typeof UserRegistered>;
