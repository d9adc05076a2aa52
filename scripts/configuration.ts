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

\`npx cdk deploy -c KEY=VALUE -c KEY=VALUE\`, or the same keys under \`context\` in \`cdk.json\`. A key sets a property of the
construct; what is not set is as the construct has it by default.

${contextKeys().join('\n')}

${[...interfaces].join('\n\n')}

## The environment of the functions

The stack sets these variables; \`infra/needs.ts\` says by which need a function is given which.

${settings().join('\n')}
`;
}

function contextKeys(): string[] {
  return Object.entries(CONTEXT).map(([name, { wrapped }]) => `- \`${name}\`: ${v.getDescription(wrapped)}`);
}

function settings(): string[] {
  return Object.values<Setting<unknown>>(SETTINGS).map(
    ({ name, meaning, default: fallback }) =>
      `- \`${name}\`: ${meaning}${fallback === undefined ? '' : ` Default: \`${fallback}\`.`}`,
  );
}

/** A section on an interface, in the words of its comments. */
function interfaceSection({ groups: { doc, name, body = '' } = {} }: RegExpExecArray): string {
  const properties = body.matchAll(PROPERTY).map(propertySection);
  return [`## \`${name}\``, withoutStars(doc), ...properties].join('\n\n');
}

function propertySection({ groups: { doc, name, type } = {} }: RegExpExecArray): string {
  const [meaning, fallback] = withoutStars(doc).split('\n\n@default ');
  const ofType = `Type: \`${type}\`.`;
  return [
    `### \`${name}\``,
    meaning,
    fallback === undefined ? ofType : `${ofType} Default: ${fallback}.`,
  ].join('\n\n');
}

function withoutStars(comment = ''): string {
  return comment.replaceAll(/^ *\* ?/gm, '').trim();
}
