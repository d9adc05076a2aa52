#!/usr/bin/env node
import { reportFailure } from './failure.ts';
import { run } from './run.ts';

const args = process.argv.slice(2);
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read it has had enough (`| head -1`): no fault. A full disk is one.
    if (error.code !== 'EPIPE') process.exitCode = reportFailure(error, args);
  });
}
const exitCode = await run(args);
process.exitCode ||= exitCode;
