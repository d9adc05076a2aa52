import { hash } from 'node:crypto';
import { createRecognizableSecret, isRecognizableSecret } from '../recognizable-secret.ts';

const PREFIX = 'signet_token_';

/** Makes a reference token: a random string that says nothing itself (RFC 6749 §1.4). */
export function createReferenceToken(): string {
  return createRecognizableSecret(PREFIX);
}

/** Tells whether a string is a reference token of Signet's making, by its form and checksum. */
export function isReferenceToken(token: string): boolean {
  return isRecognizableSecret(PREFIX, token);
}

/** The `jti` of a reference token is base64url of its SHA-256, by which it is kept: the token itself is kept nowhere. */
export function referenceTokenJti(token: string): string {
  return hash('sha256', token, 'base64url');
}
