/** Tells the time in whole seconds since the epoch, as JWT's NumericDate does (RFC 7519 §2). */
export type Clock = () => number;

/** The clock of the machine. */
export const systemClock: Clock = () => Math.floor(Date.now() / 1000);
