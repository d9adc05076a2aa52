import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { App, Duration } from 'aws-cdk-lib';
import { build } from 'esbuild';
import cdk from '../../cdk.json' with { type: 'json' };
import { BUNDLING } from '../../infra/bundling.ts';
import { ENDPOINTS, KEY_PUBLICATION, KEY_ROTATION } from '../../infra/endpoints.ts';
import { SignetStack } from '../../infra/stack.ts';

const ROOT = join(import.meta.dirname, '../..');
const AWS_SDK = ['@aws-sdk/', '@smithy/'];
const KMS = ['@aws-sdk/client-kms/'];

/** What no bundle has of the AWS SDK: what cannot be shaken, what our calls do not need, and providers of credentials that no Lambda has. */
const UNUSED = [
  '/dist-cjs/',
  '@smithy/core/dist-es/submodules/event-streams/',
  '@smithy/core/dist-es/submodules/cbor/',
  '@aws-sdk/lib-dynamodb/',
  '@aws-sdk/xml-builder/',
  '@aws-sdk/nested-clients/',
  '@aws-sdk/credential-provider-ini/',
  '@smithy/credential-provider-imds/',
  'node_modules/bowser/',
];

interface Ceiling {
  readonly bytes: number;
  /** Files that it may be made of. */
  readonly modules: number;
  /** What must not be in it. */
  readonly without: readonly string[];
}

/** How large each bundle may be: V8 reads all of it at a cold start, of which the AWS SDK is most. */
const CEILINGS: Readonly<Record<string, Ceiling>> = {
  token: { bytes: 315_000, modules: 470, without: [] },
  introspection: { bytes: 290_000, modules: 440, without: [] },
  'signed-introspection': { bytes: 295_000, modules: 450, without: [] },
  revocation: { bytes: 290_000, modules: 440, without: [] },
  jwks: { bytes: 235_000, modules: 380, without: KMS },
  registration: { bytes: 265_000, modules: 415, without: KMS },
  metadata: { bytes: 30_000, modules: 35, without: AWS_SDK },
  'resource-metadata': { bytes: 235_000, modules: 370, without: KMS },
  health: { bytes: 270_000, modules: 420, without: [] },
  'not-found': { bytes: 25_000, modules: 30, without: AWS_SDK },
  'key-publication': { bytes: 245_000, modules: 360, without: [] },
  'key-rotation': { bytes: 245_000, modules: 360, without: [] },
};

describe('the bundle of', async () => {
  const deployed = bundlesOfStack();

  for (const { name } of [...ENDPOINTS, KEY_PUBLICATION, KEY_ROTATION]) {
    const { text, bytes, inputs, imports, loadedLater } = await bundle(name);
    const most = CEILINGS[name] ?? { bytes: 0, modules: 0, without: [] };

    test(`${name} has at most ${most.bytes} bytes, of ${most.modules} modules`, () => {
      assert.ok(bytes <= most.bytes, `it has ${bytes}`);
      assert.ok(inputs.length <= most.modules, `it has ${inputs.length}`);
    });

    test(`${name} is what the stack deploys, byte for byte`, () => {
      assert.ok(deployed.has(text), 'no asset of the stack is the same');
    });

    test(`${name} has no module that is loaded later, and so none in a function that V8 reads twice`, () => {
      assert.deepEqual(loadedLater, []);
    });

    test(`${name} loads modules of Node by require, which fetches no more than is asked of them`, () => {
      const others = imports.filter(({ path, kind }) => kind !== 'require-call' || !path.startsWith('node:'));
      assert.deepEqual(
        others.filter(({ path }) => !BUNDLING.external.includes(path)),
        [],
      );
    });

    for (const part of [...UNUSED, ...most.without]) {
      test(`${name} has nothing of ${part}`, () => {
        assert.deepEqual(
          inputs.filter((input) => input.includes(part)),
          [],
        );
      });
    }
  }
});

/** The bundles that `cdk synth` makes. */
function bundlesOfStack(): ReadonlySet<string> {
  const outdir = mkdtempSync(join(tmpdir(), 'signet-bundles-'));
  try {
    const app = new App({ outdir, context: cdk.context });
    new SignetStack(app, 'Signet', {
      registration: true,
      signers: ['envelope'],
      keyRotation: Duration.days(90),
    });
    new SignetStack(app, 'Signing', { signedIntrospection: true });
    new SignetStack(app, 'Home', { issuer: 'https://auth.example.com', replicaRegions: ['eu-west-1'] });
    app.synth();
    const files = globSync('asset.*/index.js', { cwd: outdir });
    return new Set(files.map((file) => readFileSync(join(outdir, file), 'utf8')));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

interface Bundle {
  readonly text: string;
  readonly bytes: number;
  /** The files that it is made of. */
  readonly inputs: readonly string[];
  /** Those of them that another one imports dynamically. */
  readonly loadedLater: readonly string[];
  /** What it loads besides. */
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

/** Makes a bundle in the way that the benchmarks do. */
async function bundle(name: string): Promise<Bundle> {
  const { metafile, outputFiles } = await build({
    ...BUNDLING,
    absWorkingDir: ROOT,
    entryPoints: [`functions/${name}.ts`],
    outdir: 'out',
    bundle: true,
    platform: 'node',
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.keys(output?.inputs ?? {});
  return {
    text: outputFiles[0]?.text ?? '',
    bytes: output?.bytes ?? 0,
    inputs,
    loadedLater: inputs
      .flatMap((input) => metafile.inputs[input]?.imports ?? [])
      .filter(({ kind, external }) => kind === 'dynamic-import' && !external)
      .map(({ path }) => path),
    imports: output?.imports ?? [],
  };
}
