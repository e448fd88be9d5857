import { collectDefaultMetrics, Registry } from 'prom-client';

/** The injection token of the registry: one for each application, so that two can live in one process. */
export const METRICS = Symbol('METRICS');

/** `mode` is on every sample: the two designs are compared by it. */
export function openRegistry(mode: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ mode });
  collectDefaultMetrics({ register: registry });
  return registry;
}
