import type { Client, StoredSecret } from '../client.ts';
import { isSecretActive } from '../client-secret.ts';
import type { Resource } from '../resource.ts';

/** A secret as operators see it: never its hash. */
export type SecretDescription = Omit<StoredSecret, 'sha256'> & { readonly active: boolean };

/** A client as operators see it. */
export type ClientDescription = Omit<Client, 'client_secrets' | 'registration' | 'version'> & {
  readonly client_secrets: readonly SecretDescription[];
  readonly registration?: Omit<NonNullable<Client['registration']>, 'sha256'>;
};

/** A resource as operators see it. */
export type ResourceDescription = Omit<Resource, 'version'>;

/** Describes a client without what is the store's own. */
export function describeClient(
  { version, client_secrets, registration, ...client }: Client,
  now: number,
): ClientDescription {
  return {
    ...client,
    client_secrets: client_secrets.map((secret) => describeSecret(secret, now)),
    ...(registration ? { registration: describeRegistration(registration) } : {}),
  };
}

function describeRegistration({ sha256, ...registration }: NonNullable<Client['registration']>) {
  return registration;
}

/** Describes a secret by its identifier and times. */
function describeSecret({ sha256, ...secret }: StoredSecret, now: number): SecretDescription {
  return { ...secret, active: isSecretActive(secret, now) };
}

/** Describes a resource without what is the store's own. */
export function describeResource({ version, ...resource }: Resource): ResourceDescription {
  return resource;
}
