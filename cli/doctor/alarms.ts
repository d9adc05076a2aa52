import type { Check } from './check.ts';

/** Whether the alarms of the stack are there, and none is raised. A stack without any was deployed so. */
export const alarms: Check = {
  name: 'alarms',
  well: 'all that the stack has are there, and none is raised',
  async findFaults(deployment) {
    const names = (await deployment.resources())
      .filter(({ type }) => type === 'AWS::CloudWatch::Alarm')
      .map(({ physicalId }) => physicalId);
    const states = await deployment.readAlarms(names);
    const missing = names.filter((name) => !states.some((state) => state.name === name));
    return [
      ...missing.map((name) => ({
        found: `${name} was deleted`,
        mend: 'have it made anew: npx cdk deploy -c monitoring=false, then npx cdk deploy',
      })),
      ...states
        .filter(({ state }) => state === 'ALARM')
        .map(({ name, description, reason }) => ({
          found: `${name} is raised: ${description} ${reason}`,
          mend: 'docs/operations.md, “Alarms”, has what to do for each',
        })),
    ];
  },
};
