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
  /** The property of the issuer without which it is not there. */
  readonly optional?: 'registration';
}

/** The path of all requests that no other endpoint is there for. */
export const EVERY_OTHER_PATH = '*';

/** The endpoints. */
export const ENDPOINTS: readonly Endpoint[] = [
  {
    name: 'token',
    paths: (base) => [base + ENDPOINT_PATHS.token_endpoint],
    needs: [
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
      'addTokens',
      'rememberReplays',
      'sign',
    ],
  },
  {
    name: 'introspection',
    paths: (base) => [base + ENDPOINT_PATHS.introspection_endpoint],
    needs: [
      'issuer',
      'cache',
      'clientAssertions',
      'readClients',
      'readKeySet',
      'readTokens',
      'rememberReplays',
    ],
  },
  {
    name: 'revocation',
    paths: (base) => [base + ENDPOINT_PATHS.revocation_endpoint],
    needs: [
      'issuer',
      'cache',
      'clientAssertions',
      'readClients',
      'readKeySet',
      'readTokens',
      'addTokens',
      'rememberReplays',
    ],
  },
  { name: 'jwks', paths: (base) => [base + ENDPOINT_PATHS.jwks_uri], needs: ['readKeySet'] },
  {
    name: 'metadata',
    paths: metadataPaths,
    needs: ['issuer', 'mutualTls', 'signingAlgs', 'registration'],
  },
  {
    name: 'resource-metadata',
    paths: (base) => [base + RESOURCE_METADATA_PATH],
    needs: ['issuer', 'readResources'],
  },
  {
    name: 'registration',
    optional: 'registration',
    paths: (base) => [base + REGISTRATION_PATH],
    needs: ['issuer', 'changeClients'],
  },
  { name: 'not-found', paths: () => [EVERY_OTHER_PATH], needs: [] },
];

/** The function that CloudFormation calls for each signing key. */
export const KEY_PUBLICATION: FunctionNeeds = {
  name: 'key-publication',
  needs: ['changeKeySet', 'provideKeys'],
};
