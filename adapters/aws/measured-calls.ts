import { type CallOutcome, type MeasuredService, recordCall } from './call-measurements.ts';
import { isThrottled } from './temporary-fault.ts';

type Call<Args, Result> = (args: Args) => Promise<Result>;

/** Answers and not faults: that something is, or is not, as a condition of ours has it. */
const ANSWERS = ['ConditionalCheckFailedException', 'TransactionCanceledException'];

/** Within the client's retries and around all that a try is: sending it, and reading its answer. */
export const MEASURED_STEP = { step: 'finalizeRequest', priority: 'low' } as const;

/** A middleware for the `MEASURED_STEP` of an AWS client, which measures each try of a call and changes nothing about it. */
export function measuredCalls(service: MeasuredService) {
  return <Args, Result>(call: Call<Args, Result>): Call<Args, Result> =>
    async (args) => {
      const startedAt = performance.now();
      let outcome: CallOutcome = 'answered';
      try {
        return await call(args);
      } catch (error) {
        outcome = outcomeOf(error);
        throw error;
      } finally {
        recordCall(service, outcome, performance.now() - startedAt);
      }
    };
}

function outcomeOf(error: unknown): CallOutcome {
  if (error instanceof Error && ANSWERS.includes(error.name)) return 'answered';
  return isThrottled(error) ? 'throttled' : 'failed';
}
