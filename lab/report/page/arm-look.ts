import type { ArmName } from '../../model/arm.js';

/** How an arm is told apart: by its shape and its dashes, so that the colour is never needed. */
export interface ArmLook {
  /** A custom property of the style sheet. */
  colour: string;
  symbol: 'triangle' | 'rect' | 'diamond' | 'circle' | 'pin' | 'arrow';
  dash: 'solid' | number[];
  /** The same shape, as a character. */
  sign: string;
}

export const ARM_LOOK: Readonly<Record<ArmName, ArmLook>> = {
  sync: { colour: '--sync', symbol: 'triangle', dash: 'solid', sign: '▲' },
  'sync-hardened': { colour: '--hardened', symbol: 'rect', dash: [7, 3], sign: '■' },
  'async-local': { colour: '--local', symbol: 'diamond', dash: [2, 3], sign: '◆' },
  async: { colour: '--async', symbol: 'circle', dash: 'solid', sign: '●' },
  'sync-after-commit': { colour: '--control', symbol: 'arrow', dash: [1, 4], sign: '▽' },
  'async-dual-write': { colour: '--control', symbol: 'pin', dash: [1, 4], sign: '○' },
};

/** The arms of the curves and strips; controls show only that faults bite. */
export const DRAWN: readonly ArmName[] = ['sync', 'sync-hardened', 'async-local', 'async'];
