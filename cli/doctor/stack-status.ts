import type { Check } from './check.ts';

/** Whether the last deploy went well. */
export const stackStatus: Check = {
  name: 'stack',
  well: 'the last deploy went through',
  async findFaults({ name, status }) {
    if (['CREATE_COMPLETE', 'UPDATE_COMPLETE'].includes(status)) return [];
    const mend = status.endsWith('_IN_PROGRESS')
      ? 'ask again when the deploy is over'
      : `see what failed, mend that, and deploy again: aws cloudformation describe-stack-events --stack-name ${name}`;
    return [{ found: `${name} is ${status}`, mend }];
  },
};
