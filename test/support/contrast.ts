import type { Page } from 'playwright-core';

/** In the browser: the lowest contrast of text, and of the words in charts, against the page's own background (WCAG 2.2). */
const PROBE = `(() => {
  const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const level = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = level(getComputedStyle(document.body).backgroundColor);
  const contrast = (colour) => {
    const ink = level(colour);
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  };
  const least = (selector, property) =>
    Math.min(...[...document.querySelectorAll(selector)].map((one) => contrast(getComputedStyle(one)[property])));
  return { words: least('p, th, td, dt, dd, li, figcaption, summary', 'color'), labels: least('svg text', 'fill') };
})()`;

export const leastContrast = (page: Page): Promise<{ words: number; labels: number }> => page.evaluate(PROBE);
