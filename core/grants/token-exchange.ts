import type { AccessTokenClaims } from '../access-token/access-token-claims.ts';
import { type Actor, countActors } from '../access-token/actor.ts';
import { type Client, subjectOf } from '../client.ts';
import type { FormParameters } from '../form.ts';
import { TOKEN_EXCHANGE } from '../grant-types.ts';
import { TOKEN_ACTORS_MAX } from '../limits.ts';
import type { Resource } from '../resource.ts';
import { readForeignToken, verifyForeignToken } from './foreign-subject-token.ts';
import type { Grant, GrantPorts } from './grant.ts';
import { givenScope, grantScope } from './granted-scope.ts';
import { findPresentedToken, refusedToken, requireTypeOf, type SubjectToken } from './presented-token.ts';
import { requestedTokenType } from './token-type.ts';

/**
 * Token exchange (RFC 8693): a client that was called with a token gets one for the next resource, for the same subject.
 *
 * What it gets is never more than the subject token in scope where that is for the same resource, nor longer good. The actor is always
 * the client itself.
 */
export const tokenExchange = {
  grant_type: TOKEN_EXCHANGE,
  accessOf: ({ token_exchange_resources: resources = [] }) => ({ resources }),
  async authorize(client, resources, parameters, issuer) {
    const issued_token_type = requestedTokenType(parameters, resources);
    const [subject, actor] = await Promise.all([
      findSubjectToken(client, parameters, issuer),
      findActorToken(client, parameters, issuer),
    ]);
    if ((subject.may_act?.sub ?? subjectOf(client)) !== subjectOf(client)) {
      throw refusedToken('subject_token', 'of_another_actor');
    }
    const act = actorOf(subject, client, actor);
    if (countActors(act) > TOKEN_ACTORS_MAX) throw refusedToken('subject_token', 'too_many_actors');
    const allowedAt = (resource: Resource) => allowedScope(subject, client, resource);
    return {
      client,
      resources,
      scope: grantScope(resources, parameters.get('scope'), allowedAt),
      exchange: {
        issued_token_type,
        claims: {
          sub: subject.sub,
          ...(act ? { act } : {}),
          ...(subject.may_act ? { may_act: subject.may_act } : {}),
        },
        expiresBy: Math.min(subject.exp, actor?.exp ?? subject.exp),
        ...(subject.jti === undefined ? {} : { subject_jti: subject.jti }),
      },
    };
  },
} satisfies Grant;

/**
 * A token for the resources that the client was told to exchange the tokens of, or of a subject of another issuer that it was told of:
 * it has no business with others (§5, confused deputy).
 */
async function findSubjectToken(
  {
    token_exchange_subject_resources: exchangeable = [],
    token_exchange_foreign_subjects: trusted = [],
  }: Client,
  parameters: FormParameters,
  issuer: GrantPorts,
): Promise<SubjectToken> {
  const foreign = readForeignToken(parameters.get('subject_token') ?? '', trusted, issuer.identifier);
  if (foreign) {
    requireTypeOf('subject_token', parameters);
    return verifyForeignToken(foreign, trusted, issuer);
  }
  return findPresentedToken('subject_token', parameters, issuer, ({ aud }) =>
    [aud].flat().filter((resource) => exchangeable.includes(resource)),
  );
}

/** A token of the client itself: with those of others, whoever is called could pose as its callers. */
async function findActorToken(
  client: Client,
  parameters: FormParameters,
  issuer: GrantPorts,
): Promise<AccessTokenClaims | undefined> {
  const presented = [parameters.get('actor_token'), parameters.get('actor_token_type')];
  if (presented.every((value) => value === undefined)) return undefined;
  return findPresentedToken('actor_token', parameters, issuer, ({ client_id, sub, aud }) =>
    client_id === client.client_id && sub === subjectOf(client) ? [aud].flat() : [],
  );
}

/** The client before those who acted before it; a client that may impersonate leaves itself out, unless it says who it is. */
function actorOf(
  { act }: SubjectToken,
  client: Client,
  actor: AccessTokenClaims | undefined,
): Actor | undefined {
  if (client.token_exchange_impersonation && !actor) return act;
  return { sub: subjectOf(client), ...(act ? { act } : {}) };
}

function allowedScope(
  { aud, scope = '' }: SubjectToken,
  { token_exchange_resources: access = [] }: Client,
  resource: Resource,
) {
  const given = givenScope(access, resource);
  const audience: readonly string[] = [aud].flat();
  return audience.includes(resource.resource) ? given.intersection(new Set(scope.split(' '))) : given;
}
