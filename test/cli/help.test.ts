import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from 'commander';
import { openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { program } from '../../cli/program.ts';
import { serveCommand } from '../../cli/serve/serve.ts';
import project from '../../package.json' with { type: 'json' };
import { callSignet, signetOnStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Every command with the words that lead to it. */
const COMMANDS = commandsOf(program(), []);

interface CommandAt {
  readonly path: readonly string[];
  readonly command: Command;
}

function commandsOf(command: Command, path: readonly string[]): readonly CommandAt[] {
  return [
    { path, command },
    ...command.commands.flatMap((inner) => commandsOf(inner, [...path, inner.name()])),
  ];
}

async function helpOf(path: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await callSignet([...path, '--help']);
  assert.deepEqual([exitCode, stderr], [0, '']);
  return stdout;
}

/** The lines under `Examples:`, each as the arguments that a shell would make of it. */
function examplesIn(help: string): readonly (readonly string[])[] {
  const [, examples = ''] = help.split('\nExamples:\n');
  const lines = examples.split('\n').filter((line) => line !== '');
  return lines.map((line) =>
    [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''),
  );
}

describe('signet --help', () => {
  const pathOf = temporaryFolder();

  it('is there for each command', () => {
    const record = ['create', 'list', 'show', 'update', 'disable', 'enable', 'delete'];
    assert.deepEqual(
      COMMANDS.map(({ path }) => path.join(' ')),
      [
        '',
        'serve',
        ...['resources', ...record.map((command) => `resources ${command}`), 'resources metadata'],
        ...['clients', ...record.map((command) => `clients ${command}`)],
        'clients revoke-tokens',
        ...['', ' add', ' list', ' revoke'].map((command) => `clients secrets${command}`),
        ...['', ' create', ' list', ' revoke'].map((command) => `initial-access-tokens${command}`),
        ...['', ' list', ' rotate', ' retire', ' disable', ' enable'].map((command) => `keys${command}`),
        'doctor',
      ],
    );
  });

  for (const { path, command } of COMMANDS) {
    it(`describes the command and all that it takes: ${['signet', ...path].join(' ')}`, async () => {
      const help = await helpOf(path);
      assert.ok(help.startsWith(`Usage: ${['signet', ...path].join(' ')} `));
      const described = [command, ...command.commands, ...command.registeredArguments, ...command.options];
      // Long texts are broken into lines there.
      const words = help.replaceAll(/\s+/g, ' ');
      for (const entry of described) {
        const description = typeof entry.description === 'string' ? entry.description : entry.description();
        assert.ok(description.length > 10 && words.includes(description), entry.name());
      }
      for (const { flags } of command.options) assert.ok(help.includes(`  ${flags} `), flags);
    });
  }

  it('is what signet help shows', async () => {
    assert.deepEqual(await callSignet(['help', 'clients']), await callSignet(['clients', '--help']));
  });

  it('has examples that run one after the other on a new store', async () => {
    const store = openEmbeddedStore(pathOf());
    await store.createMissingKeys(['ES256']);
    store.close();
    const signet = signetOnStore(pathOf());
    const onNoFolder = ['serve', 'doctor'];
    for (const args of (await allExamples()).filter(([command = '']) => !onNoFolder.includes(command))) {
      const { exitCode, stderr } = await signet.run(...args);
      assert.deepEqual([exitCode, stderr], [0, ''], args.join(' '));
    }
  });

  it('has examples of serve that it takes', async () => {
    const examples = (await allExamples()).filter(([command]) => command === 'serve');
    assert.notEqual(examples.length, 0);
    for (const [, ...args] of examples) {
      const serve = serveCommand()
        .exitOverride()
        .action(() => undefined);
      await serve.parseAsync(args, { from: 'user' });
    }
  });
});

/** The arguments of all examples, in the order of the commands. */
async function allExamples(): Promise<readonly (readonly string[])[]> {
  const examples: (readonly string[])[] = [];
  for (const { path } of COMMANDS) {
    for (const [command, ...args] of examplesIn(await helpOf(path))) {
      assert.equal(command, 'signet');
      examples.push(args);
    }
  }
  return examples;
}

describe('signet --version', () => {
  for (const option of ['--version', '-V']) {
    it(`tells the version of the package: ${option}`, async () => {
      assert.deepEqual(await callSignet([option]), {
        exitCode: 0,
        stdout: `${project.version}\n`,
        stderr: '',
      });
    });
  }
});
