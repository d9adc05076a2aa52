import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { SETTINGS, type Setting } from '../adapters/environment.ts';
import { CONTEXT } from '../infra/context.ts';

// Writes docs/configuration.md from what the code says of itself; with --check it tells whether the page is that already.

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'docs/configuration.md');
const PROPS = join(ROOT, 'infra/token-issuer-props.ts');

const INTERFACE = /\/\*\*(?<doc>(?:(?!\*\/).)*)\*\/\nexport interface (?<name>\w+) \{\n(?<body>.*?)\n\}/gs;
const PROPERTY = /\/\*\*(?<doc>(?:(?!\*\/).)*)\*\/\s+readonly (?<name>\w+)\??: (?<type>[^;]+);/gs;

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const page = configurationPage();
if (!values.check) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) {
  process.stderr.write('docs/configuration.md is not what the code says: npm run configuration writes it.\n');
  process.exitCode = 1;
}

function configurationPage(): string {
  const interfaces = readFileSync(PROPS, 'utf8').matchAll(INTERFACE).map(interfaceSection);
  return `# Configuration

<!-- Made by \`npm run configuration\` from comments in the code: change those. -->

A deployed issuer is configured when it is deployed: by the context of the app, or by the properties of the construct
\`TokenIssuer\` in an app of your own. Its functions find the outcome in their environment.

## The context of the app

\`npx cdk deploy -c KEY=VALUE -c KEY=VALUE\`, or the same keys under \`context\` in \`cdk.json\`. What is not set is as the
construct has it by default.

${table(['key', 'sets'], contextRows())}
${[...interfaces].join('\n')}
## The environment of the functions

The stack sets these variables; \`infra/endpoints.ts\` says which function is given which.

${table(['variable', 'meaning', 'default'], settingRows())}`;
}

function contextRows(): string[][] {
  return Object.entries(CONTEXT).map(([name, { wrapped }]) => [code(name), v.getDescription(wrapped) ?? '']);
}

function settingRows(): string[][] {
  return Object.values<Setting<unknown>>(SETTINGS).map(({ name, meaning, default: fallback }) => [
    code(name),
    meaning,
    fallback === undefined ? '' : code(fallback),
  ]);
}

/** A section on an interface, in the words of its comments. */
function interfaceSection({ groups: { doc = '', name = '', body = '' } = {} }: RegExpExecArray): string {
  const rows = [...body.matchAll(PROPERTY)].map(({ groups: property = {} }) => {
    const [meaning = '', fallback = ''] = text(property['doc']).split(' @default ');
    return [code(property['name']), code(property['type']), meaning, fallback];
  });
  return `## \`${name}\`

${text(doc)}

${table(['property', 'type', 'meaning', 'default'], rows)}`;
}

/** A comment without its stars and line ends. */
function text(comment = ''): string {
  return comment.replaceAll(/\s+(\*\s+)*/g, ' ').trim();
}

function code(value = ''): string {
  return `\`${value}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`)
    .join('');
}
