import * as v from 'valibot';
import { AUTHORIZATION_DETAILS_TYPES_MAX } from '../limits.ts';
import { ResourceIdentifierSchema } from '../resource.ts';
import { AuthorizationDetailsTypeSchema } from './authorization-details-type.ts';

/** The types of authorization details (RFC 9396 §2) that a client may use, which it has at one resource and at no other. */
export const AllowedAuthorizationDetailsSchema = v.array(
  v.strictObject({
    resource: ResourceIdentifierSchema,
    values: v.pipe(
      v.array(AuthorizationDetailsTypeSchema),
      v.maxLength(
        AUTHORIZATION_DETAILS_TYPES_MAX,
        `at most ${AUTHORIZATION_DETAILS_TYPES_MAX} types of authorization details`,
      ),
    ),
  }),
);
