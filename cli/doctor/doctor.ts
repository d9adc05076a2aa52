import { Command, Option } from 'commander';
import { withExamples } from '../examples.ts';
import { parseNonEmpty } from '../option-values.ts';
import { diagnosisText } from './diagnosis-text.ts';
import type { Diagnosis } from './examine.ts';

/** What a shell sees when not all is well. */
const NOT_WELL = 1;

/** `signet doctor`: whether a deployed issuer is well. */
export function doctorCommand(): Command {
  const stack = new Option('--stack <name>', 'the deployed stack to examine, with your AWS credentials')
    .env('SIGNET_STACK')
    .argParser(parseNonEmpty)
    .makeOptionMandatory();
  const command = new Command('doctor')
    .description(
      'examine a deployed stack, and say what is wrong and how to mend it; ends with 0 when all is well',
    )
    .addOption(stack)
    .option('--json', 'answer in JSON')
    .action(examineStack);
  return withExamples(command, 'signet doctor --stack Signet', 'signet doctor --stack Signet --json');
}

async function examineStack({
  stack,
  json,
}: {
  readonly stack: string;
  readonly json?: true;
}): Promise<void> {
  // Loaded when it is needed: the AWS SDK takes longer to load than all the rest takes to run.
  const [{ openDeployment }, { examine }] = await Promise.all([
    import('./deployment.ts'),
    import('./examine.ts'),
  ]);
  const deployment = await openDeployment(stack);
  const diagnoses: Diagnosis[] = [];
  try {
    for await (const diagnosis of examine(deployment)) {
      diagnoses.push(diagnosis);
      if (!json) process.stdout.write(`${diagnosisText(diagnosis)}\n`);
    }
  } finally {
    deployment.store.close();
  }
  if (json) process.stdout.write(`${JSON.stringify(diagnoses)}\n`);
  if (diagnoses.some(({ status }) => status !== 'ok')) process.exitCode = NOT_WELL;
}
