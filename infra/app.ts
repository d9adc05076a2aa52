import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readContext } from './context.ts';
import { SettingError } from './setting.ts';
import { SignetStack } from './stack.ts';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
try {
  const { stackName, props } = readContext(app.node.getAllContext());
  new SignetStack(app, stackName, props);
} catch (error) {
  // Its sentence is for whoever typed the command; the stack of our calls would only hide it.
  if (!(error instanceof SettingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
