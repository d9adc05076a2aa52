import * as v from 'valibot';
import { AccessTokenLifetimeSchema } from '../access-token/access-token-lifetime.ts';
import { ClientResourceSchema } from '../client-resource.ts';
import { CLIENT_RESOURCES_MAX } from '../limits.ts';

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
  /** The longest, in seconds; as long as the resource has it when absent. */
  access_token_lifetime: v.exactOptional(AccessTokenLifetimeSchema),
});

export type RegistrationPolicy = v.InferOutput<typeof RegistrationPolicySchema>;
