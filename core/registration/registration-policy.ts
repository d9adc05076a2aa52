import * as v from 'valibot';
import { AccessTokenLifetimeSchema } from '../access-token/access-token-lifetime.ts';
import { ClientResourceSchema } from '../client-resource.ts';
import { ForeignIssuerSchema } from '../federation/federated-credential.ts';
import { CLIENT_RESOURCES_MAX, SOFTWARE_STATEMENT_ISSUERS_MAX } from '../limits.ts';

/** The client authentication methods that a client can register itself for: those that prove who it is. */
const REGISTRABLE_AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;

/** What a client that registers itself may be at most: its initial access token says so, and it keeps it. */
export const RegistrationPolicySchema = v.strictObject({
  /** What it may have tokens for. */
  resources: v.pipe(
    v.array(ClientResourceSchema),
    v.minLength(1, 'name at least one resource'),
    v.maxLength(CLIENT_RESOURCES_MAX, `a client has at most ${CLIENT_RESOURCES_MAX} resources`),
    v.check(
      (resources) => new Set(resources.map(({ resource }) => resource)).size === resources.length,
      'a resource stands in the list twice',
    ),
  ),
  token_endpoint_auth_methods: v.pipe(
    v.array(v.picklist(REGISTRABLE_AUTH_METHODS)),
    v.minLength(1, 'name at least one method'),
  ),
  /** Whose software statements count (RFC 7591 §2.3); nobody's when absent. */
  software_statement_issuers: v.exactOptional(
    v.pipe(
      v.array(ForeignIssuerSchema),
      v.minLength(1, 'name at least one issuer of software statements'),
      v.maxLength(
        SOFTWARE_STATEMENT_ISSUERS_MAX,
        `at most ${SOFTWARE_STATEMENT_ISSUERS_MAX} issuers of software statements are trusted`,
      ),
    ),
  ),
  /** Whether a client has to have one. */
  software_statement_required: v.exactOptional(v.boolean()),
  /** The longest, in seconds; as long as the resource has it when absent. */
  access_token_lifetime: v.exactOptional(AccessTokenLifetimeSchema),
});

export type RegistrationPolicy = v.InferOutput<typeof RegistrationPolicySchema>;
