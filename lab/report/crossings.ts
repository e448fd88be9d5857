interface At {
  x: number;
  value: number;
}

/**
 * Where two measured curves cross, by straight lines between the points that both have, in logarithms where the axes
 * are logarithmic; rising.
 */
export function crossings(first: readonly At[], second: readonly At[], logX: boolean): number[] {
  const scale = logX ? Math.log : (x: number) => x;
  const back = logX ? Math.exp : (x: number) => x;
  const gaps = first.flatMap(({ x, value }) => {
    const partner = second.find((point) => point.x === x);
    return partner && value > 0 && partner.value > 0 ? [{ x: scale(x), gap: Math.log(value / partner.value) }] : [];
  });
  return gaps.slice(1).flatMap((to, i) => {
    const from = gaps[i]!;
    if (from.gap === 0 || from.gap * to.gap >= 0) return [];
    return [back(from.x + ((to.x - from.x) * from.gap) / (from.gap - to.gap))];
  });
}
