let offsetMs = anchored();

/** Milliseconds since 1970 with fractions: the host's clock, which PostgreSQL and the stand-ins read as well. */
export const nowMs = (): number => offsetMs + performance.now();

/** Takes up what the host's clock has been corrected by; between blocks only, as time may jump here. */
export function anchorClock(): void {
  offsetMs = anchored();
}

/** Date.now() tells whole milliseconds only: the moment at which it changes tells the fraction. */
function anchored(): number {
  const before = Date.now();
  for (;;) {
    const now = Date.now();
    if (now !== before) return now - performance.now();
  }
}
