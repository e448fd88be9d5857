import { z } from 'zod';

export const RegisterUser = z
  .strictObject({
    email: z
      .email()
      .max(254)
      // RFC 5321 4.5.3.1.1: no mail server has to take more.
      .refine((email) => email.lastIndexOf('@') <= 64, 'must have at most 64 characters before the @')
      .meta({ examples: ['ada@example.com'] }),
    name: z
      .string()
      .trim()
      .min(1)
      .max(200)
      // It stands in the header of a mail.
      .refine((name) => !/\p{Cc}/u.test(name), 'must not contain control characters')
      .meta({ examples: ['Ada Lovelace'] }),
  })
  .meta({ id: 'RegisterUser' });
export type RegisterUser = z.infer<typeof RegisterUser>;

export const UserView = z.object({ id: z.uuid(), email: z.string(), name: z.string() }).meta({ id: 'User' });
export type UserView = z.infer<typeof UserView>;

export const UserPage = z.object({ users: z.array(UserView), count: z.int() }).meta({ id: 'UserPage' });
export type UserPage = z.infer<typeof UserPage>;

export const UserQuery = z.strictObject({
  after: z.uuid().optional().meta({ description: 'the id of the last user of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type UserQuery = z.infer<typeof UserQuery>;
