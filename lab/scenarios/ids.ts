/** In the order in which they run: what loses data comes first. `DB`: the database is down. */
export const SCENARIO_IDS = [
  'S5', 'S0', 'AA', 'S2', 'S6', 'S7', 'S13',
  'S1', 'S3', 'S4', 'S8', 'S9', 'S10', 'S12', 'S14', 'S15', 'S16', 'S19', 'DB',
] as const; // prettier-ignore
export type ScenarioId = (typeof SCENARIO_IDS)[number];
