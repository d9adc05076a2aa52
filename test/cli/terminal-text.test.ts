import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { terminalText } from '../../cli/terminal-text.ts';
import type { Run } from '../support/signet.ts';
import { callSignet, signetOnNewStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Names that would clear the screen, retitle the window, forge a line, or turn around what follows. */
const HOSTILE = [
  '\x1b[2J\x1b[31mred',
  '\x1b]0;title\x07',
  '\x9b31m',
  'a\r\nb',
  '\x00\x7f',
  '\u202eevil',
  'a\u2028b',
];

describe('text for a terminal', () => {
  const pathOf = temporaryFolder();

  it('writes each control character as its code', () => {
    assert.equal(terminalText('\x1b[31m\r\n\t\x9b\x7f'), '\\u001b[31m\\u000d\\u000a\\u0009\\u009b\\u007f');
    assert.equal(terminalText('\u202eevil\u2066'), '\\u202eevil\\u2066');
  });

  it('leaves names in any script alone', () => {
    for (const name of ['Größe', '株式会社', 'שלום', '👩‍🚀 crew', 'a b'])
      assert.equal(terminalText(name), name);
  });

  it('has no control character in it, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0x2100 })), (codes) => {
        assert.doesNotMatch(terminalText(String.fromCharCode(...codes)), /[\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('is what tables have in them: names cannot inject escape sequences', async () => {
    const signet = signetOnNewStore(pathOf());
    for (const [index, name] of HOSTILE.entries()) {
      const options = [`urn:${index}`, '--name', name];
      await signet.json('resources', 'create', ...options);
      await signet.json('clients', 'create', ...options);
    }
    for (const what of ['clients', 'resources']) {
      const list = await signet.run(what, 'list');
      assert.equal(list.stdout.split('\n').length, HOSTILE.length + 2);
      assertHarmless(list);
      for (const index of HOSTILE.keys()) assertHarmless(await signet.run(what, 'show', `urn:${index}`));
    }
  });

  it('is what refusals have in them', async () => {
    for (const hostile of HOSTILE) {
      const { stderr } = await callSignet(['clients', 'create', '--auth-method', hostile]);
      assert.match(stderr, /^signet: option '--auth-method <method>' argument '[^\p{Cc}\u202e\u2028]+\n$/u);
    }
  });
});

function assertHarmless({ exitCode, stdout }: Run): void {
  assert.equal(exitCode, 0);
  assert.doesNotMatch(stdout.replaceAll('\n', ''), /[\p{Cc}\u202e\u2028]/u);
}
