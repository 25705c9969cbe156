import { text } from './page.js';

/** The first that matches counts: most browsers also say that they are others. @type {readonly [RegExp, string][]} */
const BROWSERS = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
];
/** @type {readonly [RegExp, string][]} */
const SYSTEMS = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/**
 * A User-Agent header as people say it; what is not known is shown as it was sent.
 * @param {string | null} userAgent
 */
export function browserName(userAgent) {
  if (!userAgent) return text('unknownBrowser');
  const browser = nameIn(BROWSERS, userAgent);
  const system = nameIn(SYSTEMS, userAgent);
  if (browser && system) return text('browserOn', { browser, system });
  return browser ?? userAgent;
}

/**
 * @param {readonly [RegExp, string][]} known
 * @param {string} userAgent
 */
function nameIn(known, userAgent) {
  return known.find(([pattern]) => pattern.test(userAgent))?.[1];
}
