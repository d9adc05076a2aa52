import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { SignetStack, type SignetStackProps } from '../../infra/stack.ts';

const domain = { domainName: 'auth.example.com', certificateArn: 'arn:aws:acm:us-east-1::certificate/0' };
const VARIANTS: Readonly<Record<string, SignetStackProps>> = {
  'an HTTP API': {},
  'a throw-away HTTP API': { throwAway: true },
  'a REST API': { api: 'rest' },
  'a throw-away REST API': { api: 'rest', throwAway: true },
  'a domain': { domain },
};

for (const [variant, props] of Object.entries(VARIANTS)) {
  test(`what cdk-nag finds with ${variant} is acknowledged with a reason, and nothing else is`, () => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new SignetStack(app, 'Signet', props);
    const acknowledged = new Map(stack.node.findAll().flatMap(acknowledgementsOf));
    assert.deepEqual([...acknowledged.keys()].sort(), allFindings(app).sort());
    for (const reason of acknowledged.values()) assert.match(reason, /^[A-Z].{30,}\.$/);
  });
}

function acknowledgementsOf({ node }: IConstruct): readonly (readonly [string, string])[] {
  return node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries<string>(data))
    .map(([rule, reason]) => [rule.replace('Annotation::', ''), reason]);
}

/** What cdk-nag finds when nothing counts as acknowledged. */
function allFindings(app: App): string[] {
  const checks = new AwsSolutionsChecks(app);
  Object.assign(checks, { isAcknowledged: () => false });
  return checks.validateScope(app).violations.map(({ ruleName }) => ruleName);
}
