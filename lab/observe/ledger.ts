import fs from 'node:fs/promises';
import type { Deed } from '../model/observation.js';

interface Line {
  kind: Deed['kind'];
  at: string;
  idempotencyKey: string;
  orderId?: string;
  status?: string;
  amount?: number;
  repeat?: true;
}

/** The ledger of the outside world as it stands: from the stand-ins' address, or from their file. */
export async function ledgerText(place: string): Promise<string> {
  if (!/^https?:/.test(place)) return fs.readFile(place, 'utf8');
  const response = await fetch(new URL('/ledger', place), { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`The stand-ins answered ${response.status} for their ledger.`);
  return response.text();
}

/** What happened out there from `sinceMs` on: several shops, one after the other, share one outside world. */
export function deedsOf(text: string, sinceMs = 0): Deed[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => deed(JSON.parse(line) as Line))
    .filter(({ atMs }) => atMs >= sinceMs);
}

function deed({ kind, at, idempotencyKey, orderId, status, amount, repeat }: Line): Deed {
  // A mail has its Message-ID as its key: `<template.subject@host>`.
  const key = kind === 'mail' ? idempotencyKey.replace(/^<|@.*$/g, '') : idempotencyKey;
  return { kind, atMs: Date.parse(at), key, orderId, status, amount, repeat: repeat === true };
}
