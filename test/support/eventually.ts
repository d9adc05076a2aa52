import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MILLISECONDS = 5_000;
const INTERVAL_MILLISECONDS = 50;

/** Repeats a check until it passes, for what a store is free to show late; where it passes at once, nothing waits. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MILLISECONDS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(INTERVAL_MILLISECONDS);
    }
  }
}
