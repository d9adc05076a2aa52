import * as v from 'valibot';
import { AccessTokenLifetimeSchema } from '../core/access-token/access-token-lifetime.ts';
import { HostSchema } from '../core/federation/https-url.ts';
import { IssuerIdentifierSchema } from '../core/issuer-identifier.ts';
import { ALGS } from '../core/jose/algorithms.ts';
import { KeyRotationPeriodSchema } from '../core/key-rotation-period.ts';
import { RECORD_CACHE_MAX_SECONDS } from '../core/limits.ts';

/** A setting that a deployed function finds in its environment. */
export interface Setting<T> {
  readonly name: string;
  /** What it means, as docs/configuration.md has it. */
  readonly meaning: string;
  /** Its value when the environment has none; without one the function refuses to start. */
  readonly default?: string;
  readonly schema: v.GenericSchema<string, T>;
}

const name = v.pipe(v.string(), v.nonEmpty());
const trueOrFalse = v.pipe(
  v.picklist(['true', 'false']),
  v.transform((value) => value === 'true'),
);
const textOrNone = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.transform((text) => (text === 'none' ? undefined : text)),
);
const seconds = v.pipe(v.string(), v.regex(/^\d{1,5}$/, 'a whole number of seconds'), v.transform(Number));

/** All settings; infra/endpoints.ts says which function has which. */
export const SETTINGS = {
  issuer: {
    name: 'SIGNET_ISSUER',
    meaning: 'The issuer identifier: what tokens carry as `iss` and the metadata is found behind.',
    schema: IssuerIdentifierSchema,
  },
  mutualTlsUrl: {
    name: 'SIGNET_MUTUAL_TLS_URL',
    meaning:
      'Where clients are asked for certificates, if anywhere: what the endpoints are behind there (RFC 8705 §5).',
    default: '',
    schema: v.pipe(
      v.string(),
      v.transform((url) => (url === '' ? undefined : url)),
      v.optional(IssuerIdentifierSchema),
    ),
  },
  clientsTable: {
    name: 'SIGNET_CLIENTS_TABLE',
    meaning: 'The table of clients and resources.',
    schema: name,
  },
  keysTable: { name: 'SIGNET_KEYS_TABLE', meaning: 'The table of the key set.', schema: name },
  tokensTable: {
    name: 'SIGNET_TOKENS_TABLE',
    meaning: 'The table of reference tokens, of revoked ones, and of what may be used once.',
    schema: name,
  },
  keyRotation: {
    name: 'SIGNET_KEY_ROTATION_SECONDS',
    meaning: 'How long a key signs before another follows it.',
    schema: v.pipe(
      v.string(),
      v.regex(/^\d{1,9}$/, 'a whole number of seconds'),
      v.transform(Number),
      KeyRotationPeriodSchema,
    ),
  },
  wrappingKey: {
    name: 'SIGNET_WRAPPING_KEY',
    meaning: 'The ARN of the KMS key under which keys are encrypted that sign in memory, or `none`.',
    default: 'none',
    schema: textOrNone,
  },
  signingKeyTag: {
    name: 'SIGNET_SIGNING_KEY_TAG',
    meaning:
      'What keys in KMS that are made for the key set have as the value of the tag `signet:key-set`, or `none`.',
    default: 'none',
    schema: textOrNone,
  },
  signingAlgs: {
    name: 'SIGNET_SIGNING_ALGS',
    meaning:
      'The algorithms that the issuer has keys for, separated by commas; the first is the default of resources.',
    default: 'RS256',
    schema: v.pipe(
      v.string(),
      v.transform((list) => list.split(',')),
      v.tupleWithRest([v.picklist(ALGS)], v.picklist(ALGS)),
    ),
  },
  accessTokenLifetime: {
    name: 'SIGNET_ACCESS_TOKEN_LIFETIME_SECONDS',
    meaning: 'How long a token lives when neither its resource nor its client says otherwise.',
    default: '3600',
    schema: v.pipe(seconds, AccessTokenLifetimeSchema),
  },
  clientSecretJwt: {
    name: 'SIGNET_CLIENT_SECRET_JWT',
    meaning: 'Whether clients can authenticate by `client_secret_jwt`, `true` or `false`.',
    default: 'false',
    schema: trueOrFalse,
  },
  clientSecretKey: {
    name: 'SIGNET_CLIENT_SECRET_KEY',
    meaning: 'The ARN of the KMS key that the secrets of `client_secret_jwt` are derived by, or `none`.',
    default: 'none',
    schema: textOrNone,
  },
  tokenHook: {
    name: 'SIGNET_TOKEN_HOOK',
    meaning: 'The ARN of the Lambda that is asked before each token, or `none`.',
    default: 'none',
    schema: textOrNone,
  },
  cache: {
    name: 'SIGNET_CACHE_SECONDS',
    meaning:
      'How long a function keeps a client or resource that it read, and so how long a disabled one still gets tokens; 0 turns it off.',
    default: '10',
    schema: v.pipe(seconds, v.maxValue(RECORD_CACHE_MAX_SECONDS)),
  },
  dpopNonces: {
    name: 'SIGNET_DPOP_NONCES',
    meaning: 'Whether DPoP proofs have to have a nonce of the issuer, `true` or `false`.',
    default: 'false',
    schema: trueOrFalse,
  },
  signedIntrospection: {
    name: 'SIGNET_SIGNED_INTROSPECTION',
    meaning: 'Whether the metadata says that introspection signs its responses, `true` or `false`.',
    default: 'false',
    schema: trueOrFalse,
  },
  registration: {
    name: 'SIGNET_REGISTRATION',
    meaning: 'Whether clients may register themselves: whether the metadata has the endpoint.',
    default: 'false',
    schema: v.pipe(
      v.picklist(['true', 'false']),
      v.transform((value) => value === 'true'),
    ),
  },
  metrics: {
    name: 'SIGNET_METRICS',
    meaning: 'The CloudWatch namespace of the metrics in the request log, or `none`.',
    default: 'none',
    schema: textOrNone,
  },
  privateHosts: {
    name: 'SIGNET_PRIVATE_HOSTS',
    meaning:
      'Hosts, separated by commas, that documents may be fetched from though their addresses are not public; none when absent or empty.',
    schema: v.pipe(
      v.string(),
      v.transform((list) => list.split(',').filter((host) => host !== '')),
      v.array(HostSchema),
    ),
  },
  tokenEndpointAudience: {
    name: 'SIGNET_TOKEN_ENDPOINT_AUDIENCE',
    meaning:
      'Whether client assertions may have the URL of the token endpoint as their audience: `true` or `false`.',
    default: 'false',
    schema: v.pipe(
      v.picklist(['true', 'false']),
      v.transform((text) => text === 'true'),
    ),
  },
} as const satisfies Record<string, Setting<unknown>>;

/**
 * Reads a setting from the environment.
 *
 * @throws Error when it is missing or of the wrong form, so that a misconfigured function fails at its start.
 */
export function readSetting<T>({ name, schema, default: fallback }: Setting<T>): T {
  const parsed = v.safeParse(schema, process.env[name] ?? fallback ?? '');
  if (parsed.success) return parsed.output;
  throw new Error(`${name}: ${parsed.issues[0].message}`);
}
