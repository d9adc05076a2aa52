import * as v from 'valibot';

/** Who acts for the subject of a token; inside, who acted before (RFC 8693 §4.1). */
export interface Actor {
  readonly sub: string;
  readonly act?: Actor;
}

export const ActorSchema: v.GenericSchema<unknown, Actor> = v.strictObject({
  sub: v.string(),
  act: v.exactOptional(v.lazy(() => ActorSchema)),
});

/** The one who alone may act for the subject of a token (RFC 8693 §4.4). */
export const MayActSchema = v.strictObject({ sub: v.string() });

/** How many actors a token names. */
export function countActors(act: Actor | undefined): number {
  return act === undefined ? 0 : 1 + countActors(act.act);
}
