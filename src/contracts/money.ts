import { z } from 'zod';

/** Amounts are whole minor units (cents); an order's total stays below 10^12 of them. */
export const Amount = z.int().min(0).max(1_000_000_000_000);

/** ISO 4217, three capital letters. */
export const Currency = z.string().regex(/^[A-Z]{3}$/);
