import { rotateSigningKeys } from '../../core/management/key-rotation.ts';
import type { RotationPorts } from '../../core/management/key-set-change.ts';

/** A period is days: an hour more is nothing, and no timer of node's runs for longer than 24 days. */
const LOOK_INTERVAL_MILLISECONDS = 3_600_000;

/** Rotation that goes on by itself. */
export interface KeyRotation {
  /** Ends it, after the rotation that is under way. */
  stop(): Promise<void>;
}

/**
 * Rotates keys by themselves, now and whenever they are due; without a period, never.
 *
 * What fails is tried again with the next look, and keeps nobody from getting tokens.
 */
export function rotateKeys(
  periodSeconds: number | undefined,
  ports: RotationPorts,
  log: (line: object) => void,
): KeyRotation {
  if (periodSeconds === undefined) return { stop: async () => undefined };
  let underWay = rotateDueKeys(periodSeconds, ports, log);
  const interval = setInterval(() => {
    underWay = underWay.then(() => rotateDueKeys(periodSeconds, ports, log));
  }, LOOK_INTERVAL_MILLISECONDS).unref();
  return {
    stop() {
      clearInterval(interval);
      return underWay;
    },
  };
}

async function rotateDueKeys(
  periodSeconds: number,
  ports: RotationPorts,
  log: (line: object) => void,
): Promise<void> {
  const logRotation = (outcome: object) =>
    log({ time: new Date().toISOString(), event: 'key-rotation', ...outcome });
  try {
    const made = await rotateSigningKeys(periodSeconds, ports);
    for (const { alg, kid, signs_from } of made) logRotation({ alg, kid, signs_from });
  } catch (error) {
    logRotation({ fault: String(error) });
  }
}
