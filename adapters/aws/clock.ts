import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import * as v from 'valibot';
import { type Clock, systemClock } from '../../core/clock.ts';

/** An answer with the time at which it was made (RFC 9110 §6.6.1). */
const DatedSchema = v.object({
  headers: v.object({
    date: v.pipe(
      v.string(),
      v.transform((date) => Math.floor(Date.parse(date) / 1000)),
      v.number(),
    ),
  }),
});

/** The clock of who answers, as the last answer told it; that of this machine until one does. */
export function clockOfAnswers(middlewares: CloudFormationClient['middlewareStack']): Clock {
  let aheadSeconds = 0;
  middlewares.add(
    (next) => async (args) => {
      const result = await next(args);
      const dated = v.safeParse(DatedSchema, result.response);
      if (dated.success) aheadSeconds = dated.output.headers.date - systemClock();
      return result;
    },
    { step: 'deserialize' },
  );
  return () => systemClock() + aheadSeconds;
}
