import type { Writable } from 'node:stream';
import type { RequestLog } from '../../http/request-log.ts';

/** How long a line may wait for the next ones: unnoticed by who reads along, and many requests long under load. */
const WAIT_MILLISECONDS = 50;

/**
 * Makes a request log that writes lines as JSON to a stream, those of a moment by one call: a call for each would cost a fifth
 * of all that a request does. What waits when the process exits is written before.
 */
export function requestLogTo(stream: Writable): RequestLog {
  let waiting = '';
  const write = () => {
    if (waiting !== '') stream.write(waiting);
    waiting = '';
  };
  process.once('exit', write);
  return (line) => {
    if (waiting === '') setTimeout(write, WAIT_MILLISECONDS).unref();
    waiting += `${JSON.stringify(line)}\n`;
  };
}
