import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CHECKS } from '../../cli/doctor/examine.ts';
import { createReferenceToken } from '../../core/access-token/reference-token.ts';
import { createClientId } from '../../core/client-id.ts';
import { createClientSecret, deriveClientSecret } from '../../core/client-secret.ts';
import { ACCESS_TOKEN_MAX_CHARACTERS } from '../../core/limits.ts';
import { createInitialAccessToken } from '../../core/registration/initial-access-token.ts';
import { createRegistrationAccessToken } from '../../core/registration/registration-access-token.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('docs/operations.md', () => {
  const page = read('docs/operations.md');

  for (const [what, file, pattern] of [
    ['field of the request log', 'http/request-log.ts', /^ {2}readonly (\w+)\??:/gm],
    ['field of the request record', 'core/request-record.ts', /^ {2}(\w+)\??:/gm],
    ['measurement of a call', 'adapters/aws/call-measurements.ts', /^ {2}(\w+)\?:/gm],
    ['metric', 'adapters/cloudwatch/embedded-metrics.ts', /^ {2}(\w+): '(?:Count|Seconds|Milliseconds)'/gm],
    ['alarm', 'infra/alarms.ts', /alarm\('(\w+)'/g],
    ['reason to refuse a client', 'core/client-authentication/refusal.ts', /^ {2}\| '(\w+)'/gm],
    ['reason to refuse a DPoP proof', 'core/dpop/dpop-proof.ts', /^ {2}\| '(\w+)'/gm],
    ['reason to refuse a token', 'core/access-token/read-access-token.ts', /^ {2}\| '(\w+)'/gm],
    ['reason not to disclose a token', 'core/introspection-endpoint.ts', /: '([a-z_]+)';/g],
    [
      'reason to take a token for none that is good',
      'core/access-token/access-token-standing.ts',
      /return .*'([a-z_]+)'/g,
    ],
    ['reason that a hook has', 'core/ports/token-hook.ts', /^ {2}\| '(\w+)'/gm],
    ['reason to refuse what is exchanged', 'core/grants/presented-token.ts', /\(name, '(\w+)'\)/g],
    ['reason to refuse a subject token', 'core/grants/token-exchange.ts', /\('subject_token', '(\w+)'\)/g],
  ] as const) {
    it(`names every ${what} that ${file} has`, () => {
      const names = [...read(file).matchAll(pattern)].map(([, name = '']) => name);
      assert.notEqual(names.length, 0);
      const unnamed = names.filter((name) => !page.includes(`\`${name}\``));
      assert.deepEqual(unnamed, []);
    });
  }

  it('says how long what Signet issues is (RFC 6749 §2.2, §5.1)', async () => {
    const derivation = { derive: async () => Buffer.alloc(64, 255) };
    for (const [what, issued] of [
      ['`client_id`', createClientId()],
      ['`client_secret`', createClientSecret()],
      ['`client_secret` of `client_secret_jwt`', await deriveClientSecret('client', 'secret', derivation)],
      ['reference token', createReferenceToken()],
      ['initial access token', createInitialAccessToken()],
      ['registration access token', createRegistrationAccessToken()],
    ] as const) {
      assert.match(page, new RegExp(`^\\| ${what} +\\| ${issued.length} +\\|$`, 'm'));
    }
    const longest = ACCESS_TOKEN_MAX_CHARACTERS.toLocaleString('en');
    assert.match(page, new RegExp(`^\\| JWT access token +\\| ${longest} at most +\\|$`, 'm'));
  });

  it('says what every check of signet doctor looks at', () => {
    for (const { name } of CHECKS) assert.ok(page.includes(`\n| \`${name}\` `), name);
  });

  it('says what to do about every fault of an embedded store', () => {
    const described = read('adapters/embedded/unusable-store.ts').matchAll(/=>\s+`(.*)\$\{folder\}(.*?):/g);
    const sentences = [...described].map(([, before = '', after = '']) => `${before}FOLDER${after}`);
    assert.notEqual(sentences.length, 0);
    assert.deepEqual(
      sentences.filter((sentence) => !page.includes(`| \`${sentence}\` `)),
      [],
    );
  });
});

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
