import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { customResourceHandler } from '../../adapters/cloudformation/custom-resource.ts';

describe('a custom resource', () => {
  const answers: { readonly contentType: string | undefined; readonly body: unknown }[] = [];
  let status = 200;
  const cloudFormation = createServer(async (request, response) => {
    answers.push({ contentType: request.headers['content-type'], body: await json(request) });
    response.writeHead(status).end();
  });
  let url: string;

  before(async () => {
    await new Promise<void>((resolve) => cloudFormation.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(cloudFormation.address() as AddressInfo).port}/`;
  });
  after(() => cloudFormation.close());

  const lines: object[] = [];
  const thing = {
    async provide(properties: Readonly<Record<string, unknown>>) {
      if (properties['Broken']) throw new TypeError('it is broken');
      return `id of ${properties['Name']}`;
    },
    async remove(physicalId: string) {
      if (physicalId === 'stuck') throw new Error('it is stuck');
    },
  };
  const handler = customResourceHandler(thing, (line) => lines.push(line));

  const request = (change: Partial<CloudFormationCustomResourceEvent>) =>
    ({
      RequestType: 'Create',
      ServiceToken: 'arn',
      ResponseURL: url,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'logical',
      ResourceType: 'Custom::Thing',
      ResourceProperties: { ServiceToken: 'arn', Name: 'a' },
      ...change,
    }) as CloudFormationCustomResourceEvent;

  const answerTo = async (change: Partial<CloudFormationCustomResourceEvent>) => {
    await handler(request(change));
    return answers.at(-1);
  };

  const identifiers = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'logical' };

  it('is provided on Create and on Update, and answers its physical id with an empty content type', async () => {
    for (const RequestType of ['Create', 'Update'] as const) {
      assert.deepEqual(await answerTo({ RequestType } as never), {
        contentType: '',
        body: { ...identifiers, Status: 'SUCCESS', PhysicalResourceId: 'id of a', Reason: 'provided' },
      });
    }
  });

  it('is removed by its physical id on Delete', async () => {
    const answer = await answerTo({ RequestType: 'Delete', PhysicalResourceId: 'id of a' } as never);
    assert.deepEqual(answer?.body, {
      ...identifiers,
      Status: 'SUCCESS',
      PhysicalResourceId: 'id of a',
      Reason: 'removed',
    });
  });

  it('says why it could not be provided, with a physical id that can be removed', async () => {
    const answer = await answerTo({ ResourceProperties: { ServiceToken: 'arn', Broken: 'true' } } as never);
    assert.deepEqual(answer?.body, {
      ...identifiers,
      Status: 'FAILED',
      PhysicalResourceId: 'not-made',
      Reason: 'TypeError: it is broken',
    });
  });

  it('says why it could not be removed', async () => {
    const answer = await answerTo({ RequestType: 'Delete', PhysicalResourceId: 'stuck' } as never);
    assert.deepEqual(answer?.body, {
      ...identifiers,
      Status: 'FAILED',
      PhysicalResourceId: 'stuck',
      Reason: 'Error: it is stuck',
    });
  });

  it('logs what came of each request, and never the URL that anyone could answer to', async () => {
    lines.length = 0;
    await answerTo({});
    const { time, ...line } = lines[0] as { time: string };
    assert.ok(Date.parse(time) > 0);
    assert.deepEqual(line, {
      request_type: 'Create',
      Status: 'SUCCESS',
      PhysicalResourceId: 'id of a',
      Reason: 'provided',
    });
  });

  it('fails loudly when CloudFormation does not take its answer', async () => {
    status = 403;
    await assert.rejects(handler(request({})), /did not take the answer: HTTP status 403/);
  });
});
