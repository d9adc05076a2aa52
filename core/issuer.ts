import type { Clock } from './clock.ts';
import type { DpopNonces } from './dpop/dpop-nonces.ts';
import type { Alg } from './jose/algorithms.ts';
import type { JsonDocumentReader } from './ports/json-document-reader.ts';
import type { ClientReader, ResourceReader } from './ports/record-store.ts';
import type { ReplayStore } from './ports/replay-store.ts';
import type { SecretDerivation } from './ports/secret-derivation.ts';
import type { Signer } from './ports/signer.ts';
import type { SigningKeyReader } from './ports/signing-key-store.ts';
import type { TokenHook } from './ports/token-hook.ts';
import type { TokenStore } from './ports/token-store.ts';

/** One issuer: its settings and its ports. Each endpoint takes the part of it that it needs, so its Lambda can be given no more. */
export interface Issuer {
  /** The issuer identifier (RFC 8414 §2): what tokens carry as `iss`. */
  readonly identifier: string;
  /** What assertions may be for instead of the identifier: the URL of the token endpoint, where the operator takes it. */
  readonly assertionAudience?: string | undefined;
  /** Where clients are asked for certificates, if anywhere: what the endpoints are behind there (RFC 8705 §5). */
  readonly mutualTlsUrl?: string | undefined;
  /** The algorithm for resources that choose none. */
  readonly defaultAlg: Alg;
  /** Seconds that a token lives when neither its resource nor its client says less. */
  readonly accessTokenLifetimeSeconds: number;
  readonly clients: ClientReader;
  readonly resources: ResourceReader;
  readonly signingKeys: SigningKeyReader;
  readonly signer: Signer;
  readonly tokens: TokenStore;
  readonly replays: ReplayStore;
  /** The nonces that DPoP proofs have to have; none when absent. */
  readonly dpopNonces?: DpopNonces;
  readonly documents: JsonDocumentReader;
  /** Whether introspection signs its responses for callers that ask for it (RFC 9701). */
  readonly signedIntrospection?: boolean;
  /** Where there is none, there is no `client_secret_jwt`. */
  readonly secretDerivation?: SecretDerivation | undefined;
  /** What is asked before a token is issued; nobody when absent. */
  readonly tokenHook?: TokenHook | undefined;
  readonly clock: Clock;
}
