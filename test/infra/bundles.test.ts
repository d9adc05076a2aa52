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

/** How many bytes each bundle may have, and what must not be in it: the AWS SDK is most of a cold start. */
const CEILINGS: Readonly<Record<string, { readonly bytes: number; readonly without: readonly string[] }>> = {
  token: { bytes: 330_000, without: [] },
  introspection: { bytes: 335_000, without: [] },
  'signed-introspection': { bytes: 330_000, without: [] },
  revocation: { bytes: 335_000, without: [] },
  jwks: { bytes: 260_000, without: KMS },
  registration: { bytes: 290_000, without: KMS },
  metadata: { bytes: 30_000, without: AWS_SDK },
  'resource-metadata': { bytes: 260_000, without: KMS },
  'not-found': { bytes: 30_000, without: AWS_SDK },
  'key-publication': { bytes: 330_000, without: [] },
  'key-rotation': { bytes: 330_000, without: [] },
};

describe('the bundle of', async () => {
  const deployed = bundlesOfStack();

  for (const { name } of [...ENDPOINTS, KEY_PUBLICATION, KEY_ROTATION]) {
    const { text, bytes, inputs } = await bundle(name);
    const { bytes: most, without } = CEILINGS[name] ?? { bytes: 0, without: [] };

    test(`${name} has at most ${most} bytes`, () => {
      assert.ok(bytes <= most, `it has ${bytes}`);
    });

    test(`${name} is what the stack deploys, byte for byte`, () => {
      assert.ok(deployed.has(text), 'no asset of the stack is the same');
    });

    for (const packageName of without) {
      test(`${name} has nothing of ${packageName}`, () => {
        assert.deepEqual(
          inputs.filter((input) => input.includes(packageName)),
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
    app.synth();
    const files = globSync('asset.*/index.mjs', { cwd: outdir });
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
  return {
    text: outputFiles[0]?.text ?? '',
    bytes: output?.bytes ?? 0,
    inputs: Object.keys(output?.inputs ?? {}),
  };
}
