import * as v from 'valibot';
import { FEDERATED_CREDENTIALS_MAX } from '../limits.ts';
import { SubjectSchema } from '../subject.ts';
import { FederatedCredentialSchema } from './federated-credential.ts';

/**
 * Of whom another issuer tells in a token that a client may exchange, and whom that is here: the operator says, for what another
 * issuer calls its subjects is no name of ours.
 */
const ForeignSubjectSchema = v.strictObject({
  ...FederatedCredentialSchema.entries,
  local_subject: SubjectSchema,
});

export type ForeignSubject = v.InferOutput<typeof ForeignSubjectSchema>;

/** All of whom a client may exchange tokens of other issuers. */
export const ForeignSubjectsSchema = v.pipe(
  v.array(ForeignSubjectSchema),
  v.minLength(1, 'it names at least one subject of an issuer'),
  v.maxLength(
    FEDERATED_CREDENTIALS_MAX,
    `a client exchanges tokens of at most ${FEDERATED_CREDENTIALS_MAX} subjects of other issuers`,
  ),
);
