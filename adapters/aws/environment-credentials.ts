import { fromEnv } from '@aws-sdk/credential-provider-env';
import { memoize } from '@smithy/core/config';

/**
 * What the bundles have in the place of `@aws-sdk/credential-provider-node`: Lambda gives a function the credentials of its role in
 * the environment, and the rest of that chain (files, SSO, processes, metadata services) is a third of a bundle.
 *
 * They are read once, as by that chain: the SDK would ask for them at each call, and they stay what they are while the environment lives.
 */
export const defaultProvider = (init?: Parameters<typeof fromEnv>[0]) => memoize(fromEnv(init));
