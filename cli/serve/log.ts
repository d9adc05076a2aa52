/**
 * How long a line may wait for others, to be written with them: each write is a call of the system, which takes a seventh of what an ES256
 * token takes.
 */
const WAIT_MILLISECONDS = 20;

let waiting = '';

/** Writes a line as JSON to standard error: within a moment, and before the process ends unless that is killed outright. */
export function log(line: object): void {
  if (waiting === '') setTimeout(writeWaiting, WAIT_MILLISECONDS).unref();
  waiting += `${JSON.stringify(line)}\n`;
}

function writeWaiting(): void {
  if (waiting !== '') process.stderr.write(waiting);
  waiting = '';
}

process.on('exit', writeWaiting);
