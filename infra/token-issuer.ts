import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IHealthCheck } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import * as v from 'valibot';
import { AccessTokenLifetimeSchema } from '../core/access-token/access-token-lifetime.ts';
import { HostSchema } from '../core/federation/https-url.ts';
import { HEALTH_PATH } from '../core/health.ts';
import { IssuerIdentifierSchema, issuerPath } from '../core/issuer-identifier.ts';
import { KeyRotationPeriodSchema } from '../core/key-rotation-period.ts';
import { RECORD_CACHE_MAX_SECONDS } from '../core/limits.ts';
import { CustomDomain } from './custom-domain.ts';
import { endpointsOf, KEY_PUBLICATION } from './endpoints.ts';
import { HttpIssuerApi } from './http-api.ts';
import type { IssuerApi } from './issuer-api.ts';
import { IssuerFunction, type LogKeeping } from './issuer-function.ts';
import { keyGenerationOf, rotateKeys } from './key-rotation.ts';
import { createKeys, type Keys, signersOf } from './keys.ts';
import { discardWithStack } from './made-keys.ts';
import { Monitoring } from './monitoring.ts';
import type { Needed } from './needs.ts';
import { checkRegions, createHealthCheck } from './regions.ts';
import { replicateKeys } from './replica-keys.ts';
import { RestIssuerApi } from './rest-api.ts';
import { checkSetting } from './setting.ts';
import { type IssuerTables, replicaTables, Tables } from './tables.ts';
import type { IssuerDomain, KmsKey, TokenIssuerProps } from './token-issuer-props.ts';

const APIS = { http: HttpIssuerApi, rest: RestIssuerApi };

/** What KMS signs a second for one account with keys of one kind, by its default quota. */
const KMS_SIGNATURES_PER_SECOND = 1_000;

const DEFAULTS = {
  api: 'http',
  signingAlgs: ['RS256'],
  signers: ['kms'],
  clientSecretJwt: false,
  keyGeneration: 1,
  replicaRegions: [],
  accessTokenLifetime: Duration.hours(1),
  cache: Duration.seconds(10),
  dpopNonces: false,
  privateHosts: [],
  tokenEndpointAudience: false,
  signedIntrospection: false,
  throttle: { rateLimit: KMS_SIGNATURES_PER_SECOND, burstLimit: KMS_SIGNATURES_PER_SECOND },
  logRetention: RetentionDays.THREE_MONTHS,
  registration: false,
  monitoring: true,
  refusalsAlarm: 100,
  throwAway: false,
} as const satisfies TokenIssuerProps;

const CacheSchema = v.pipe(
  v.number(),
  v.maxValue(RECORD_CACHE_MAX_SECONDS, `a record is kept for ${RECORD_CACHE_MAX_SECONDS} seconds at most`),
);

/** A token issuer for machines: functions behind an API, signing keys in KMS, all else in DynamoDB. */
export class TokenIssuer extends Construct {
  /** The issuer identifier (RFC 8414 §2). */
  readonly identifier: string;
  readonly api: IssuerApi;
  readonly tables: IssuerTables;
  /** The keys that sign in KMS. */
  readonly signingKeys: readonly KmsKey[];
  /** The key that secrets are derived by, when clients can authenticate by `client_secret_jwt`. */
  readonly clientSecretKey: Keys['clientSecretKey'];
  /** The domain, when the issuer has one of its own. */
  readonly domain: CustomDomain | undefined;
  /** The domain for mutual TLS, when it has one. */
  readonly mutualTlsDomain: CustomDomain | undefined;
  /** The key under which keys are encrypted that sign in memory, when there are such. */
  readonly wrappingKeyArn: string | undefined;
  /** The tag by which keys in KMS that are made while it runs are its own, when its keys sign there. */
  readonly signingKeyTag: string | undefined;

  /** @throws SettingError when there can be no issuer with these properties */
  constructor(scope: Construct, id: string, props: TokenIssuerProps = {}) {
    super(scope, id);
    const {
      api,
      domain,
      throttle,
      logRetention,
      monitoring,
      alarmTopic,
      refusalsAlarm,
      throwAway,
      keyGeneration,
      replicaRegions,
      replicaOf,
      ...settings
    } = {
      ...DEFAULTS,
      ...props,
    };
    const { signingAlgs, signers, issuer = domain && `https://${domain.domainName}` } = settings;
    checkSetting('issuer', v.optional(IssuerIdentifierSchema), issuer);
    checkSetting('accessTokenLifetime', AccessTokenLifetimeSchema, settings.accessTokenLifetime.toSeconds());
    checkSetting('cache', CacheSchema, settings.cache.toSeconds());
    checkSetting('signers', signersOf(signingAlgs), signers);
    checkSetting('keyRotation', v.optional(KeyRotationPeriodSchema), settings.keyRotation?.toSeconds());
    checkSetting('keyGeneration', keyGenerationOf(signers), keyGeneration);
    checkSetting('privateHosts', v.array(HostSchema), settings.privateHosts);
    checkRegions({ ...settings, issuer, replicaRegions, replicaOf });

    const logKeeping = {
      retention: logRetention,
      removalPolicy: throwAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    };
    this.tables = replicaOf
      ? replicaTables(this, replicaOf)
      : new Tables(this, 'Tables', { throwAway, replicaRegions });
    const severalRegions = replicaRegions.length > 0 || replicaOf !== undefined;
    // Who asks whether this Region is well cannot ask by the domain, which may lead to another.
    const ownUrl = !domain || severalRegions;
    this.api = new APIS[api](this, api, { throttle, logKeeping, throwAway, ownUrl });
    const path = issuer === undefined ? '' : issuerPath(issuer);
    const healthCheck =
      severalRegions && domain?.hostedZone
        ? createHealthCheck(this, this.api.url + path + HEALTH_PATH)
        : undefined;
    this.domain = domain && new CustomDomain(this, 'Domain', domain, this.api, { healthCheck });
    this.mutualTlsDomain = this.#mutualTlsDomain(domain, healthCheck);
    this.identifier = issuer ?? this.api.url;
    const mutualTlsUrl = domain?.mutualTls && `https://${domain.mutualTls.domainName}${path}`;
    checkSetting('domain.mutualTls.domainName', v.optional(IssuerIdentifierSchema), mutualTlsUrl);

    const { keys, ...keysByKind } = replicaOf
      ? replicateKeys(this, replicaOf, { ...settings, throwAway })
      : createKeys(this, {
          ...settings,
          keyGeneration,
          keySetName: this.tables.keys.tableName,
          throwAway,
          multiRegion: replicaRegions.length > 0,
        });
    this.signingKeys = keysByKind.signingKeys;
    this.clientSecretKey = keysByKind.clientSecretKey;
    this.wrappingKeyArn = keysByKind.envelopeKeys?.wrappingKeyArn;
    this.signingKeyTag = keysByKind.signingKeyTag;
    const { identifier, tables } = this;
    const metricsNamespace = monitoring ? `Signet/${this.node.path}` : undefined;
    const needed = {
      ...settings,
      ...keysByKind,
      throwAway,
      identifier,
      metricsNamespace,
      mutualTlsUrl,
      tables,
    };
    if (!replicaOf) this.#publish(keys, needed, logKeeping);
    const functions = endpointsOf({ ...settings, severalRegions }).map((endpoint) => {
      const lambda = new IssuerFunction(this, endpoint, needed, logKeeping);
      // So that no endpoint ever speaks of a key that is not published yet.
      lambda.node.addDependency(...keys);
      this.api.route(endpoint.paths(path), lambda);
      return lambda;
    });
    if (metricsNamespace !== undefined) {
      new Monitoring(this, 'Monitoring', {
        namespace: metricsNamespace,
        api: this.api,
        functions,
        keyRotation: settings.keyRotation,
        refusals: refusalsAlarm,
        topic: alarmTopic,
      });
    }
  }

  #publish(keys: Keys['keys'], needed: Needed, logKeeping: LogKeeping): void {
    const { functionArn } = new IssuerFunction(this, KEY_PUBLICATION, needed, logKeeping);
    for (const key of keys) key.publishBy(functionArn);
    if (needed.throwAway && needed.signingKeyTag !== undefined)
      discardWithStack(this, needed.signingKeyTag, functionArn);
    if (needed.keyRotation) rotateKeys(this, needed, keys, logKeeping);
  }

  #mutualTlsDomain(
    issuerDomain: IssuerDomain | undefined,
    healthCheck: IHealthCheck | undefined,
  ): CustomDomain | undefined {
    if (!issuerDomain?.mutualTls) return undefined;
    const { certificate, hostedZone, mutualTls } = issuerDomain;
    const {
      domainName,
      truststoreBucket: bucket,
      truststoreKey: key,
      truststoreVersion: version,
    } = mutualTls;
    const domain = { domainName, certificate, ...(hostedZone ? { hostedZone } : {}) };
    const mtls = { bucket, key, ...(version === undefined ? {} : { version }) };
    return new CustomDomain(this, 'MutualTls', domain, this.api, { mtls, healthCheck });
  }
}
