import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * What the bundles have in the place of `@aws-sdk/credential-provider-node`: Lambda gives a function the credentials of its role in
 * the environment, and the rest of that chain (files, SSO, processes, metadata services) is a third of a bundle.
 */
export const defaultProvider = fromEnv;
