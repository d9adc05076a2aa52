/** Control characters, and those that change the direction of what follows them. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Writes what a terminal would obey as `\u001b`, so that no name in the store can move its cursor or recolour its lines. */
export function terminalText(text: string): string {
  return text.replaceAll(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
