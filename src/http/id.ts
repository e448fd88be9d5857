import { z } from 'zod';

/** A UUID of any version, read in lower case: PostgreSQL does the same, and a cache key must not have two spellings. */
export const Id = z.uuid('must be a UUID').toLowerCase();
