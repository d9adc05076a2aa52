import * as v from 'valibot';
import { ROLE_MAX_CHARACTERS, ROLES_MAX } from '../limits.ts';
import { ResourceIdentifierSchema } from '../resource.ts';

const RoleSchema = v.pipe(
  v.string(),
  v.regex(
    /^[\x21\x23-\x5b\x5d-\x7e]+$/,
    'a role or group is printable ASCII without space, quote and backslash',
  ),
  v.maxLength(ROLE_MAX_CHARACTERS, `a role or group has at most ${ROLE_MAX_CHARACTERS} characters`),
);

/** Roles or groups of a client (RFC 9068 §2.2.3.1), which it has at one resource and at no other. */
export const RolesSchema = v.array(
  v.strictObject({
    resource: ResourceIdentifierSchema,
    values: v.pipe(v.array(RoleSchema), v.maxLength(ROLES_MAX, `at most ${ROLES_MAX} roles or groups`)),
  }),
);
