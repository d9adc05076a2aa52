import * as v from 'valibot';
import {
  AUDIENCE_MAX_CHARACTERS,
  FEDERATED_CREDENTIALS_MAX,
  FOREIGN_SUBJECT_MAX_CHARACTERS,
} from '../limits.ts';
import { HttpsUrlSchema } from './https-url.ts';

/** An issuer that a client trusts to tell who it is, spelled as its tokens do, with a slash at its end where they have one. */
export const ForeignIssuerSchema = v.pipe(
  HttpsUrlSchema,
  v.check((value) => !value.includes('?'), 'an issuer has no query (RFC 8414 section 2)'),
);

/** A subject of another issuer, which the log has as it is. */
const ForeignSubjectNameSchema = v.pipe(
  v.string(),
  v.regex(/^\P{C}+$/u, 'a subject is not empty and has no control or invisible characters'),
  v.maxLength(
    FOREIGN_SUBJECT_MAX_CHARACTERS,
    `a subject has at most ${FOREIGN_SUBJECT_MAX_CHARACTERS} characters`,
  ),
);

/**
 * A subject, or a pattern of subjects. A `*` stands for a whole part between colons and slashes, which is not empty and has neither
 * in it; at the end it stands for all that follows, which is not empty. All else is itself, character by character.
 */
const SubjectPatternSchema = v.pipe(
  ForeignSubjectNameSchema,
  v.check(
    isSubjectPattern,
    'a * in a subject stands for a whole part between colons and slashes, or at the end for all that follows, and not at the beginning',
  ),
);

/** Whom a client trusts to tell who it is, and of whom these have to tell (RFC 7523 §3). */
export const FederatedCredentialSchema = v.strictObject({
  issuer: ForeignIssuerSchema,
  subject: SubjectPatternSchema,
  /** What the tokens have to be for; the issuer identifier when absent. */
  audience: v.exactOptional(
    v.pipe(
      v.string(),
      v.nonEmpty('an audience is not empty'),
      v.maxLength(AUDIENCE_MAX_CHARACTERS, `an audience has at most ${AUDIENCE_MAX_CHARACTERS} characters`),
    ),
  ),
});

export type FederatedCredential = v.InferOutput<typeof FederatedCredentialSchema>;

/** What a client is known by that has neither a secret nor keys of its own. */
export const FederatedCredentialsSchema = v.pipe(
  v.array(FederatedCredentialSchema),
  v.nonEmpty('a client trusts at least one issuer'),
  v.maxLength(
    FEDERATED_CREDENTIALS_MAX,
    `a client trusts at most ${FEDERATED_CREDENTIALS_MAX} subjects of issuers`,
  ),
);

function isSubjectPattern(value: string): boolean {
  const [first, ...parts] = value.split(/[:/]/);
  if (first === '' || first?.includes('*')) return false;
  return parts.every((part) => part === '*' || !part.includes('*'));
}

/** Tells whether a subject is the one that a credential names, or one of its pattern. */
export function matchesSubject({ subject }: Pick<FederatedCredential, 'subject'>, sub: unknown): boolean {
  if (!v.is(ForeignSubjectNameSchema, sub)) return false;
  const pattern = RegExp.escape(subject).replace(/\\\*$/, '[^]+').replaceAll('\\*', '[^:/]+');
  return new RegExp(`^${pattern}$`).test(sub);
}
