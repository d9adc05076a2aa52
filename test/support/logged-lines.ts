import { mock } from 'node:test';

/** Runs a function of the deployed issuer, and tells the lines that it wrote to its log meanwhile. */
export async function loggedLines(run: () => Promise<unknown>): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  const write = process.stdout.write.bind(process.stdout);
  const { mock: method } = mock.method(process.stdout, 'write', (chunk: string | Uint8Array) => {
    // All else is the test runner's.
    if (typeof chunk !== 'string' || !chunk.startsWith('{')) return write(chunk);
    lines.push(JSON.parse(chunk));
    return true;
  });
  try {
    await run();
    return lines;
  } finally {
    method.restore();
  }
}
