import type { Duration } from 'aws-cdk-lib';
import { HealthCheck, HealthCheckType, type IHealthCheck } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import * as v from 'valibot';
import { checkSetting, SettingError } from './setting.ts';
import type { HomeIssuer, SignerKind } from './token-issuer-props.ts';

/** The Regions of an issuer, as far as they have to agree. */
interface Regions {
  readonly issuer: string | undefined;
  readonly replicaRegions: readonly string[];
  readonly replicaOf: HomeIssuer | undefined;
  readonly signers: readonly SignerKind[];
  readonly keyRotation?: Duration;
}

/** A Region, such as `eu-west-1`. */
export const RegionSchema = v.pipe(
  v.string(),
  v.regex(/^[a-z]{2,}(-[a-z]+)+-\d$/, 'write names of Regions, such as eu-west-1'),
);

/**
 * Checks that an issuer in several Regions is one issuer.
 *
 * @throws SettingError when it is not
 */
export function checkRegions(regions: Regions): void {
  const { issuer, replicaRegions, replicaOf, signers, keyRotation } = regions;
  checkSetting('replicaRegions', v.array(RegionSchema), replicaRegions);
  if (replicaRegions.length === 0 && !replicaOf) return;
  if (issuer === undefined)
    throw new SettingError(
      'replicaRegions: one name has to lead to all Regions: choose a domain, or an issuer',
    );
  if (replicaOf && replicaOf.identifier !== issuer)
    throw new SettingError(`replicaOf: that issuer is ${replicaOf.identifier}, and this one is ${issuer}`);
  if (keyRotation && !signers.includes('envelope'))
    throw new SettingError(
      'keyRotation: a key that is made in KMS while the issuer runs is in one Region: leave this out, or choose the envelope signer',
    );
}

/** Has Route 53 ask at a URL, from all over the world, whether the issuer in this Region is well. */
export function createHealthCheck(scope: Construct, url: string): IHealthCheck {
  const [fqdn = '', ...path] = url.replace('https://', '').split('/');
  return new HealthCheck(scope, 'HealthCheck', {
    type: HealthCheckType.HTTPS,
    fqdn,
    resourcePath: `/${path.join('/')}`,
  });
}
