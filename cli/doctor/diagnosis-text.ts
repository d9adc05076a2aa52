import { terminalText } from '../terminal-text.ts';
import type { Diagnosis } from './examine.ts';

/** What was found on one line, and on another what to do. */
export function diagnosisText({ status, check, found, mend }: Diagnosis): string {
  const first = `${status.padEnd(8)} ${check.padEnd(12)} ${terminalText(found)}`;
  return mend === undefined ? first : `${first}\n${' '.repeat(22)}${terminalText(mend)}`;
}
