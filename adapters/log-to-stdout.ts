/** Writes a line as JSON to standard output, from where Lambda takes it to CloudWatch Logs. */
export function logToStdout(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
