import * as v from 'valibot';
import { SUBJECT_MAX_CHARACTERS } from './limits.ts';

/** Whom a token is about: a client, or a service account of the operator's, in printable ASCII. */
export const SubjectSchema = v.pipe(
  v.string(),
  v.regex(/^[\x20-\x7e]+$/, 'a subject is printable ASCII'),
  v.maxLength(SUBJECT_MAX_CHARACTERS, `a subject has at most ${SUBJECT_MAX_CHARACTERS} characters`),
);
