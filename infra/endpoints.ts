import { HEALTH_PATH } from '../core/health.ts';
import { ENDPOINT_PATHS, metadataPaths, REGISTRATION_PATH } from '../core/metadata.ts';
import { RESOURCE_METADATA_PATH } from '../core/resource-metadata.ts';
import type { Need } from './needs.ts';

/** A function of an issuer. */
export interface FunctionNeeds {
  /** The name of its file in functions/. */
  readonly name: string;
  /** What it is given: settings and permissions. */
  readonly needs: readonly Need[];
}

/** A function that the API calls. */
export interface Endpoint extends FunctionNeeds {
  /** The paths that it answers behind this path of the issuer identifier, by any method: it answers 405 itself. */
  paths(issuerPath: string): readonly string[];
  /** Whether an issuer with these properties has it; every issuer when absent. */
  isIn?(issuer: OptionalEndpoints): boolean;
}

/** The properties of an issuer by which it has some endpoints and not others. */
interface OptionalEndpoints {
  readonly registration: boolean;
  /** Introspection has a function that can sign, or one that cannot, neither by its code nor by its permissions. */
  readonly signedIntrospection: boolean;
  /** Another Region can take over where one can tell that this one fails. */
  readonly severalRegions: boolean;
}

/** The path of all requests that no other endpoint is there for. */
export const EVERY_OTHER_PATH = '*';

/** To authenticate a client, and to find out about a token. */
const INTROSPECTION_NEEDS: readonly Need[] = [
  'metrics',
  'issuer',
  'cache',
  'clientAssertions',
  'readClients',
  'readKeySet',
  'readTokens',
  'rememberReplays',
  'deriveClientSecrets',
];

/** All endpoints that an issuer can have. */
export const ENDPOINTS: readonly Endpoint[] = [
  {
    name: 'token',
    paths: (base) => [base + ENDPOINT_PATHS.token_endpoint],
    needs: [
      'metrics',
      'issuer',
      'mutualTls',
      'signingAlgs',
      'accessTokenLifetime',
      'cache',
      'dpopNonces',
      'clientAssertions',
      'readClients',
      'readKeySet',
      'readTokens',
      'addReferenceTokens',
      'rememberReplays',
      'deriveClientSecrets',
      'askTokenHook',
      'sign',
    ],
  },
  {
    name: 'introspection',
    isIn: ({ signedIntrospection }) => !signedIntrospection,
    paths: (base) => [base + ENDPOINT_PATHS.introspection_endpoint],
    needs: INTROSPECTION_NEEDS,
  },
  {
    name: 'signed-introspection',
    isIn: ({ signedIntrospection }) => signedIntrospection,
    paths: (base) => [base + ENDPOINT_PATHS.introspection_endpoint],
    needs: [...INTROSPECTION_NEEDS, 'signingAlgs', 'sign'],
  },
  {
    name: 'revocation',
    paths: (base) => [base + ENDPOINT_PATHS.revocation_endpoint],
    needs: [...INTROSPECTION_NEEDS, 'addRevocations'],
  },
  { name: 'jwks', paths: (base) => [base + ENDPOINT_PATHS.jwks_uri], needs: ['metrics', 'readKeySet'] },
  {
    name: 'metadata',
    paths: metadataPaths,
    needs: [
      'metrics',
      'issuer',
      'mutualTls',
      'signingAlgs',
      'registration',
      'signedIntrospection',
      'clientSecretJwt',
    ],
  },
  {
    name: 'resource-metadata',
    paths: (base) => [base + RESOURCE_METADATA_PATH],
    needs: ['metrics', 'issuer', 'readResources'],
  },
  {
    name: 'registration',
    isIn: ({ registration }) => registration,
    paths: (base) => [base + REGISTRATION_PATH],
    needs: ['metrics', 'issuer', 'clientAssertions', 'readClients', 'changeClients'],
  },
  {
    name: 'health',
    isIn: ({ severalRegions }) => severalRegions,
    paths: (base) => [base + HEALTH_PATH],
    needs: ['metrics', 'signingAlgs', 'readKeySet', 'sign'],
  },
  { name: 'not-found', paths: () => [EVERY_OTHER_PATH], needs: ['metrics'] },
];

/** The endpoints of one issuer. */
export function endpointsOf(issuer: OptionalEndpoints): readonly Endpoint[] {
  return ENDPOINTS.filter(({ isIn }) => isIn?.(issuer) ?? true);
}

/** The function that has keys follow each other, where that is wanted. */
export const KEY_ROTATION: FunctionNeeds = {
  name: 'key-rotation',
  needs: ['changeKeySet', 'rotateKeys'],
};

/** The function that CloudFormation calls for each signing key. */
export const KEY_PUBLICATION: FunctionNeeds = {
  name: 'key-publication',
  needs: ['changeKeySet', 'provideKeys', 'discardKeysWithStack'],
};
