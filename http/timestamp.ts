/** The start of the second that was written last, in milliseconds since the epoch, and how its time is written up to the fraction. */
let second = Number.NaN;
let upToSecond = '';

/**
 * Writes a time, in milliseconds since the epoch, as RFC 3339 has it, in UTC.
 *
 * A date is worked out once a second: to do so for each line of the request log is a twentieth of what a request takes.
 */
export function timestamp(milliseconds: number): string {
  const fraction = milliseconds % 1_000;
  if (milliseconds - fraction !== second) {
    second = milliseconds - fraction;
    upToSecond = new Date(second).toISOString().slice(0, -'000Z'.length);
  }
  return `${upToSecond}${String(fraction).padStart(3, '0')}Z`;
}
