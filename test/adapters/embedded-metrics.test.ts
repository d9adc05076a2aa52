import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { type MeasuredLine, withEmbeddedMetrics } from '../../adapters/cloudwatch/embedded-metrics.ts';

const REQUEST = { endpoint: 'token', status: 200, duration_ms: 12.5, client_id: 'backend' };
const DURATION = { Name: 'duration_ms', Unit: 'Milliseconds' };
const count = (Name: string) => ({ Name, Unit: 'Count' });

/** What CloudWatch takes, as far as Signet says it: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const DocumentSchema = v.looseObject({
  _aws: v.strictObject({
    Timestamp: v.pipe(v.number(), v.integer()),
    CloudWatchMetrics: v.array(
      v.strictObject({
        Namespace: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
        Dimensions: v.tuple([v.array(v.string())]),
        Metrics: v.pipe(
          v.array(
            v.strictObject({ Name: v.string(), Unit: v.picklist(['Count', 'Milliseconds', 'Seconds']) }),
          ),
          v.minLength(1),
        ),
      }),
    ),
  }),
});

function documentOf(line: object): v.InferOutput<typeof DocumentSchema> {
  return v.parse(DocumentSchema, withEmbeddedMetrics({ ...REQUEST, ...line }, 'Signet/Signet/Issuer'));
}

/** The metrics of a line by their dimensions. */
function metricsOf(line: object): Readonly<Record<string, readonly object[]>> {
  const directives = documentOf(line)._aws.CloudWatchMetrics;
  return Object.fromEntries(directives.map(({ Dimensions: [keys], Metrics }) => [keys.join(' '), Metrics]));
}

describe('the metrics of a line of the request log', () => {
  for (const [what, line, metrics] of [
    ['a token', { key_age: 60 }, { '': [count('tokens'), { Name: 'key_age', Unit: 'Seconds' }] }],
    [
      'a token by a secret that expires',
      { secret_expires_in: 60 },
      { '': [count('tokens'), { Name: 'secret_expires_in', Unit: 'Seconds' }] },
    ],
    ['an introspection', { endpoint: 'introspection', reason: 'expired' }, {}],
    [
      'a refusal with a reason',
      { status: 401, error: 'invalid_client', reason: 'wrong_secret' },
      { '': [count('refusals')], 'error reason': [count('refusals')] },
    ],
    [
      'a refusal without one',
      { status: 400, error: 'invalid_scope' },
      { '': [count('refusals')], error: [count('refusals')] },
    ],
    ['a path that is none', { endpoint: 'not-found', status: 404, error: 'not_found' }, {}],
    ['a nonce to try again with', { status: 400, error: 'use_dpop_nonce' }, {}],
    [
      'a fault, with the calls of AWS that it came from',
      {
        status: 503,
        error: 'temporarily_unavailable',
        dynamodb_ms: [2],
        dynamodb_errors: 1,
        kms_ms: [3, 4],
        kms_errors: 2,
        aws_throttles: 1,
      },
      {
        '': [
          count('faults'),
          { Name: 'dynamodb_ms', Unit: 'Milliseconds' },
          { Name: 'kms_ms', Unit: 'Milliseconds' },
          count('dynamodb_errors'),
          count('kms_errors'),
          count('aws_throttles'),
        ],
        error: [count('faults')],
      },
    ],
  ] as const) {
    it(`are its duration and what there is to tell of ${what}`, () => {
      assert.deepEqual(metricsOf(line), { endpoint: [DURATION], ...metrics });
    });
  }

  it('leave the line as it is, and add what is counted', () => {
    const { _aws, ...line } = documentOf({});
    assert.deepEqual(line, { ...REQUEST, tokens: 1 });
  });

  const text = fc.string();
  const line = fc.record(
    {
      endpoint: fc.constantFrom('token', 'jwks', 'not-found'),
      status: fc.constantFrom(200, 400, 401, 503),
      error: fc.constantFrom('invalid_client', 'use_dpop_nonce', 'temporarily_unavailable'),
      reason: fc.constantFrom('wrong_secret', 'no_credentials'),
      kms_ms: fc.array(fc.nat(), { minLength: 1 }),
      aws_throttles: fc.nat(),
      key_age: fc.nat(),
      client_id: text,
      resource: text,
      scope: text,
      jti: text,
    },
    { requiredKeys: ['endpoint', 'status', 'error'] },
  );

  it('are numbers of the line, by words of the line that callers do not choose, whatever it says', () => {
    fc.assert(
      fc.property(line, (each: MeasuredLine) => {
        const { _aws, ...fields } = documentOf(each);
        const names = _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
        const keys = _aws.CloudWatchMetrics.flatMap(({ Dimensions: [dimensions] }) => dimensions);
        const values = names.flatMap((name) => fields[name]);
        assert.ok(values.every((value) => typeof value === 'number'));
        assert.ok(keys.every((key) => typeof fields[key] === 'string'));
        assert.deepEqual(new Set(keys).difference(new Set(['endpoint', 'error', 'reason'])), new Set());
      }),
    );
  });
});
