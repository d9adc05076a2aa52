import { reportFailure } from './failure.ts';
import { program } from './program.ts';

/** Runs the command with the arguments after its name, and tells the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return reportFailure(error, args);
  }
}
