import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { build } from 'esbuild';
import { BUNDLING } from '../../infra/bundling.ts';
import { ENDPOINTS, KEY_PUBLICATION } from '../../infra/endpoints.ts';

const ROOT = join(import.meta.dirname, '../..');
const AWS_SDK = ['@aws-sdk/', '@smithy/'];
const KMS = ['@aws-sdk/client-kms/'];

/** How many bytes each bundle may have, and what must not be in it: the AWS SDK is most of a cold start. */
const CEILINGS: Readonly<Record<string, { readonly bytes: number; readonly without: readonly string[] }>> = {
  token: { bytes: 540_000, without: [] },
  introspection: { bytes: 400_000, without: KMS },
  revocation: { bytes: 400_000, without: KMS },
  jwks: { bytes: 400_000, without: KMS },
  metadata: { bytes: 30_000, without: AWS_SDK },
  'not-found': { bytes: 30_000, without: AWS_SDK },
  'key-publication': { bytes: 540_000, without: [] },
};

describe('the bundle of', async () => {
  for (const { name } of [...ENDPOINTS, KEY_PUBLICATION]) {
    const { bytes, inputs } = await bundle(name);
    const { bytes: most, without } = CEILINGS[name] ?? { bytes: 0, without: [] };

    test(`${name} has at most ${most} bytes`, () => {
      assert.ok(bytes <= most, `it has ${bytes}`);
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

/** Makes a bundle as the stack does. */
async function bundle(name: string): Promise<{ readonly bytes: number; readonly inputs: readonly string[] }> {
  const { metafile } = await build({
    ...BUNDLING,
    mainFields: [...BUNDLING.mainFields],
    absWorkingDir: ROOT,
    entryPoints: [`functions/${name}.ts`],
    outdir: 'out',
    bundle: true,
    platform: 'node',
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  return { bytes: output?.bytes ?? 0, inputs: Object.keys(output?.inputs ?? {}) };
}
