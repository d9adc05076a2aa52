import { CLOCK_SKEW_SECONDS } from '../../core/limits.ts';
import type { Check, Fault } from './check.ts';
import { requireOutput } from './deployment.ts';

/** Whether this machine, and who answers for the issuer, tell the time that AWS tells, as far as tokens need it. */
export const clocks: Check = {
  name: 'clocks',
  well: 'AWS, who answers for the issuer, and this machine tell the same time',
  async findFaults(deployment) {
    const url = requireOutput(deployment, 'SignetJwksUri');
    const fetched = await deployment.fetchDocument(url);
    const now = deployment.clock();
    return [
      ...compare('this machine', deployment.ownClock(), now, 'have NTP set it: timedatectl set-ntp true'),
      ...('found' in fetched
        ? [fetched]
        : compare(
            `who answers at ${url}`,
            fetched.answeredAt ?? now,
            now,
            `see what stands between you and the API, whose clock is that of AWS: curl -I ${url}`,
          )),
    ];
  },
};

function compare(whose: string, time: number, now: number, mend: string): readonly Fault[] {
  const apart = Math.round(Math.abs(time - now));
  if (apart <= CLOCK_SKEW_SECONDS) return [];
  const direction = time < now ? 'behind' : 'ahead of';
  return [{ found: `the clock of ${whose} is ${apart} seconds ${direction} that of AWS`, mend }];
}
