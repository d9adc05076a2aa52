import { type Command, Option } from 'commander';
import { TOKEN_ENDPOINT_AUTH_METHODS } from '../core/client.ts';
import { ALGS } from '../core/jose/algorithms.ts';
import type { ClientMetadata } from '../core/management/clients.ts';
import {
  type CertificateOptions,
  toCertificateMetadata,
  withCertificateOptions,
} from './client-certificates.ts';
import { readCertificates, readJwks } from './client-keys.ts';
import {
  NONE,
  noneToNull,
  parseHttpsUrl,
  parseNonEmpty,
  parseRepeated,
  parseTrust,
} from './option-values.ts';

/** The options that say how a client authenticates. */
export interface ClientAuthenticationOptions extends CertificateOptions {
  readonly authMethod?: string;
  readonly jwks?: string;
  readonly certificate?: readonly string[];
  readonly dpopBound?: boolean;
  readonly jwksUri?: string;
  readonly trust?: readonly unknown[];
  readonly introspectionSignedResponseAlg?: string;
}

const ANY_METHOD = 'any';

/** Gives a command the options that say how a client authenticates. */
export function withClientAuthentication(command: Command): Command {
  return withCertificateOptions(command)
    .addOption(
      new Option(
        '--auth-method <method>',
        'how it has to authenticate: any for either secret method; private_key_jwt needs its keys, client_secret_jwt an issuer that has it on, the tls methods its certificate; none makes it public, and then it gets no token',
      ).choices([...TOKEN_ENDPOINT_AUTH_METHODS, ANY_METHOD]),
    )
    .option(
      '--jwks <file>',
      'its public keys for private_key_jwt, or its certificates in x5c, a JWK Set or one JWK; they replace those it had; - for standard input',
      parseNonEmpty,
    )
    .addOption(
      new Option(
        '--certificate <file>',
        'the same by a certificate in PEM, which self_signed_tls_client_auth takes, and assertions name by x5t or x5t#S256; repeat it for each; - for standard input',
      )
        .argParser(parseRepeated)
        .conflicts('jwks'),
    )
    .addOption(
      new Option(
        '--introspection-signed-response-alg <alg>',
        'what introspection responses are signed with that it asks to be (RFC 9701), or none for RS256',
      ).choices([...ALGS, NONE]),
    )
    .option('--dpop-bound', 'refuse it tokens that are not bound to a key by DPoP (RFC 9449)')
    .option('--no-dpop-bound', 'let it have bearer tokens as well, again')
    .addOption(
      new Option('--jwks-uri <url>', 'where it publishes them instead, by https')
        .argParser(parseHttpsUrl)
        .conflicts(['jwks', 'certificate']),
    )
    .addOption(
      new Option(
        '--trust <credential>',
        'another issuer that tells who it is, as "ISSUER SUBJECT" or "ISSUER SUBJECT AUDIENCE"; repeat it: together they replace those it had',
      )
        .argParser(parseTrust)
        .conflicts(['jwks', 'certificate', 'jwksUri']),
    );
}

/** What the options say of how a client authenticates, in the names of RFC 7591 §2. */
export async function toClientAuthentication({
  authMethod,
  dpopBound,
  introspectionSignedResponseAlg,
  ...options
}: ClientAuthenticationOptions): Promise<ClientMetadata> {
  return {
    token_endpoint_auth_method: authMethod === ANY_METHOD ? null : authMethod,
    ...(await toClientKeys(options)),
    introspection_signed_response_alg: noneToNull(introspectionSignedResponseAlg),
    dpop_bound_access_tokens: dpopBound === false ? null : dpopBound,
    ...toCertificateMetadata(options),
  };
}

/** A client is known in one way: what says another takes away how it was. */
async function toClientKeys({
  trust: federated_credentials,
  jwks: file,
  certificate,
  jwksUri: jwks_uri,
}: ClientAuthenticationOptions): Promise<ClientMetadata> {
  if (federated_credentials) return { federated_credentials, jwks: null, jwks_uri: null };
  if (jwks_uri !== undefined) return { jwks_uri, jwks: null, federated_credentials: null };
  const jwks = (await readJwks(file)) ?? (await readCertificates(certificate));
  return jwks === undefined ? {} : { jwks, jwks_uri: null, federated_credentials: null };
}
