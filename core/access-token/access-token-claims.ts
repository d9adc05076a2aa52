import * as v from 'valibot';
import { ClientIdSchema, isClientId } from '../client-id.ts';
import type { JsonObject } from '../json-object.ts';
import { TOKEN_RESOURCES_MAX } from '../limits.ts';
import { isResourceIdentifier, ResourceIdentifierSchema } from '../resource.ts';
import { ActorSchema, MayActSchema } from './actor.ts';
import { ConfirmationSchema } from './confirmation.ts';

/** The media type of an access token, as its `typ` has it (RFC 9068 §2.1): no ID token or assertion can pass for one. */
export const ACCESS_TOKEN_TYP = 'at+jwt';

/** The claims of an access token (RFC 9068 §2.2), and those that its client and resource have besides. */
export const AccessTokenClaimsSchema = v.looseObject({
  iss: v.string(),
  exp: v.number(),
  /** A list where there are several (RFC 7519 §4.1.3). */
  aud: v.union([
    ResourceIdentifierSchema,
    v.pipe(v.array(ResourceIdentifierSchema), v.minLength(2), v.maxLength(TOKEN_RESOURCES_MAX)),
  ]),
  sub: v.string(),
  client_id: ClientIdSchema,
  iat: v.number(),
  jti: v.string(),
  scope: v.exactOptional(v.string()),
  cnf: v.exactOptional(ConfirmationSchema),
  act: v.exactOptional(ActorSchema),
  may_act: v.exactOptional(MayActSchema),
  /** RFC 9396 §9.1 */
  authorization_details: v.exactOptional(v.array(v.looseObject({ type: v.string() }))),
});

export type AccessTokenClaims = v.InferOutput<typeof AccessTokenClaimsSchema>;

/**
 * Tells whether these are the claims of an access token, as the schema does.
 *
 * The schema takes a twentieth of an introspection: only tokens for several resources, and those that say what few do, are left to it.
 */
export function isAccessTokenClaims(claims: JsonObject): claims is AccessTokenClaims {
  return arePlain(claims) || v.is(AccessTokenClaimsSchema, claims);
}

const RARE = ['cnf', 'act', 'may_act', 'authorization_details'];

function arePlain(claims: JsonObject): boolean {
  const { iss, exp, aud, sub, client_id, iat, jti, scope } = claims;
  return (
    typeof iss === 'string' &&
    typeof exp === 'number' &&
    typeof aud === 'string' &&
    isResourceIdentifier(aud) &&
    typeof sub === 'string' &&
    typeof client_id === 'string' &&
    isClientId(client_id) &&
    typeof iat === 'number' &&
    typeof jti === 'string' &&
    (scope === undefined || typeof scope === 'string') &&
    !RARE.some((name) => name in claims)
  );
}

/** What a token is for, as the log has it: several with spaces between, which no identifier has. */
export function describeAudience(aud: AccessTokenClaims['aud']): string {
  return typeof aud === 'string' ? aud : aud.join(' ');
}
