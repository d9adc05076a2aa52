import * as v from 'valibot';
import { ResourceIdentifierSchema } from './resource.ts';
import { ScopesSchema } from './scope.ts';

/** What a client may ask for at one resource. */
export const ClientResourceSchema = v.strictObject({
  resource: ResourceIdentifierSchema,
  scope: ScopesSchema,
});

export type ClientResource = v.InferOutput<typeof ClientResourceSchema>;
