import type { Duration } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Alg } from '../core/jose/algorithms.ts';

/** What can be chosen of a deployed issuer; nothing has to be. */
export interface TokenIssuerProps {
  /**
   * The issuer identifier, where the issuer is reached through something else than the URL of its API or its domain: a CDN, a
   * proxy. When it has a path, the API serves it too.
   *
   * @default `https://` and the domain, or the URL of the API when it has none
   */
  readonly issuer?: string;
  /**
   * The kind of API. An HTTP API costs less and answers sooner. A REST API can have a WAF, and gives its own errors (429, 413) the form
   * of OAuth's; its access log needs a role that AWS has once for an account and region, and which this stack then sets.
   *
   * @default `'http'`
   */
  readonly api?: 'http' | 'rest';
  /**
   * The algorithms to have keys for, one KMS key each; the first is the default of resources.
   *
   * @default `['RS256']`
   */
  readonly signingAlgs?: readonly [Alg, ...Alg[]];
  /**
   * Where keys sign. `kms`: in KMS, which they never leave; a token costs one call of KMS. `envelope`: in the memory of the token
   * function, which decrypts them by KMS at its start; a token costs no call, and whoever can run code in that function can take
   * them. Both, to change over: deploy with both, and half an hour later, when every verifier has the new keys, with the new one
   * alone.
   *
   * @default `['kms']`
   */
  readonly signers?: readonly [SignerKind, ...SignerKind[]];
  /**
   * Whether clients can authenticate by `client_secret_jwt`: their secrets are then derived by a KMS key of their own, and are as good as
   * that key. Prefer `private_key_jwt`. Turned off and on again, it is another key: such clients need new secrets.
   *
   * @default `false`
   */
  readonly clientSecretJwt?: boolean;
  /**
   * How long a key signs before another follows it by itself, at least two days. The function for that may make keys in KMS, where keys
   * sign there.
   *
   * @default none: `signet keys rotate` has others follow them
   */
  readonly keyRotation?: Duration;
  /**
   * The generation of the keys that sign in KMS. A deploy with the next number makes further keys, which sign when every verifier has
   * them; those of the generation before stay beside them until the deploy after. Raise it by one, no sooner than half an hour after the
   * last time, and never lower it.
   *
   * @default `1`
   */
  readonly keyGeneration?: number;
  /**
   * Further Regions in which the issuer is to issue under the same identifier: its tables are replicated there, and its keys are
   * multi-Region keys, so that a stack there can be its replica (`replicaOf`). Each Region goes on alone when another fails. To be chosen
   * with the first deploy, for no key can be changed into such a one; further Regions can be added later, one with each deploy. It
   * needs `domain` or `issuer`, a name that leads to each of them.
   *
   * @default none
   */
  readonly replicaRegions?: readonly string[];
  /**
   * The issuer in its home Region, where this one is a replica of it: it works on the replicas of that one's tables and keys, and makes
   * neither. Choose the same as there. What has to be in one place is there alone: keys are published and rotated in the home Region, so
   * `replicaRegions`, `keyRotation` and `keyGeneration` say nothing here.
   *
   * @default none
   */
  readonly replicaOf?: HomeIssuer;
  /**
   * A function of yours that is asked before each token, and may add claims to it or refuse it. There is no token without its answer,
   * which may take 1.5 seconds, its cold start among them.
   *
   * @default none
   */
  readonly tokenHook?: IFunction;
  /**
   * How long a token lives when neither its resource nor its client says otherwise, from a minute to a day.
   *
   * @default one hour
   */
  readonly accessTokenLifetime?: Duration;
  /**
   * How long a function keeps a client or resource that it read, and so how long a disabled one still gets tokens; at most five
   * minutes, and none turns it off.
   *
   * @default ten seconds
   */
  readonly cache?: Duration;
  /**
   * Whether DPoP proofs have to have a nonce that the issuer gave (RFC 9449 §8), so that none can be made ahead of its time. Clients then
   * ask twice for their first token. The key of the first algorithm signs the nonces: one a minute, in each instance of the function
   * that gets proofs.
   *
   * @default `false`
   */
  readonly dpopNonces?: boolean;
  /**
   * Hosts that the functions may fetch keys from though their addresses are not public: loopback, link-local or of a private network.
   * No other is asked, whatever clients publish.
   *
   * @default none
   */
  readonly privateHosts?: readonly string[];
  /**
   * Whether client assertions may have the URL of the token endpoint as their audience, as old clients write it. Leave it off where
   * you can: another issuer that such a client trusts can then have it make assertions that are good here (CVE-2025-27370).
   *
   * @default `false`
   */
  readonly tokenEndpointAudience?: boolean;
  /**
   * Whether clients may register themselves and manage their registration (RFC 7591, RFC 7592), by initial access tokens that
   * `signet initial-access-tokens create` makes. The function for that may write clients.
   *
   * @default `false`
   */
  readonly registration?: boolean;
  /**
   * Whether introspection signs its responses for callers that ask for it (RFC 9701). Its function may then sign with the issuer's
   * keys, as the token function may; otherwise it cannot.
   *
   * @default `false`
   */
  readonly signedIntrospection?: boolean;
  /**
   * A domain of your own. The URL of the API itself then answers no more.
   *
   * @default none
   */
  readonly domain?: IssuerDomain;
  /**
   * How many requests a second each route takes, and how many at once, before the API answers 429.
   *
   * @default 1,000 and 1,000: what KMS signs a second for one account, unless AWS raised its quota
   */
  readonly throttle?: Throttle;
  /**
   * Whether the request log has metrics for CloudWatch in it, and the stack a dashboard and alarms. CloudWatch bills them; their number
   * does not grow with clients, resources or requests.
   *
   * @default `true`
   */
  readonly monitoring?: boolean;
  /**
   * Whom the alarms tell, when they are raised and when they are over.
   *
   * @default none: they are seen on the dashboard alone
   */
  readonly alarmTopic?: ITopic;
  /**
   * How many refusals in five minutes raise an alarm: more than clients have refused on a bad day, fewer than somebody who tries secrets.
   *
   * @default `100`
   */
  readonly refusalsAlarm?: number;
  /**
   * How long the logs of the functions and of the API are kept.
   *
   * @default three months
   */
  readonly logRetention?: RetentionDays;
  /**
   * Whether all that the issuer keeps goes with its stack: for tests. Tables have no deletion protection then, keys of the stack are deleted
   * after the seven days that KMS makes everyone wait, those that followed them after 30, and a REST API has no access log.
   *
   * @default `false`
   */
  readonly throwAway?: boolean;
}

/** Where keys sign. */
export type SignerKind = 'kms' | 'envelope';

/** An issuer in its home Region, by what a replica in another needs to know: the outputs of its stack. */
export interface HomeIssuer {
  /** The issuer identifier, which is that of the replica too. */
  readonly identifier: string;
  /** The name of the table of clients and resources. */
  readonly clientsTable: string;
  /** The name of the table of the key set. */
  readonly keysTable: string;
  /** The name of the table of tokens. */
  readonly tokensTable: string;
  /** The keys that sign in KMS. */
  readonly signingKeys: readonly KmsKey[];
  /** The ARN of the key under which keys are encrypted that sign in memory, where there are such. */
  readonly wrappingKeyArn?: string;
  /** The ARN of the key that the secrets of `client_secret_jwt` are derived by, where there is one. */
  readonly clientSecretKeyArn?: string;
}

/** A key that signs in KMS. */
export interface KmsKey {
  /** The algorithm that it signs with. */
  readonly alg: Alg;
  /** Its ARN. */
  readonly keyArn: string;
}

/** A domain for an issuer. */
export interface IssuerDomain {
  /** The name, such as `auth.example.com`. */
  readonly domainName: string;
  /** The certificate for the name, in the region of the stack. */
  readonly certificate: ICertificate;
  /** The zone that the name gets its record in; without one, point the name at the stack's output `SignetDomainTarget` yourself. */
  readonly hostedZone?: IHostedZone;
  /** A second domain, where clients show certificates. */
  readonly mutualTls?: MutualTlsDomain;
}

/**
 * A domain of an issuer for mutual TLS (RFC 8705). API Gateway lets nobody in there without a certificate of the trust store, so it is
 * another one than that of the issuer, where anyone reads the JWKS; the metadata leads clients there by `mtls_endpoint_aliases`.
 */
export interface MutualTlsDomain {
  /** The name, such as `mtls.auth.example.com`: the certificate of the issuer's domain has to be good for it too. */
  readonly domainName: string;
  /** The bucket of the trust store. */
  readonly truststoreBucket: IBucket;
  /**
   * The object in the bucket: in PEM the CAs whose certificates clients may show, and each self-signed certificate. One of these that
   * has CA:TRUE makes its client a CA, which could write the name of any other in a certificate: see that it has CA:FALSE.
   */
  readonly truststoreKey: string;
  /** The version of the object, where the bucket keeps versions: AWS reads a changed trust store only when this changes. */
  readonly truststoreVersion?: string;
}

/** Limits of requests (API Gateway's token bucket). */
export interface Throttle {
  /** Requests a second, over a longer time. */
  readonly rateLimit: number;
  /** Requests at one time. */
  readonly burstLimit: number;
}
