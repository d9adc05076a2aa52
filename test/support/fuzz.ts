import assert from 'node:assert/strict';
import fc from 'fast-check';

/** How often each property of `test/fuzz/` is tried: few times with all other tests, 100,000 times by `npm run fuzz`. */
const FUZZ_RUNS = Number(process.env['FUZZ_RUNS'] ?? 2_000);

/** Tries a property on as many inputs as were asked for. */
export async function fuzz<T>(inputs: fc.Arbitrary<T>, property: (input: T) => Promise<void>): Promise<void> {
  await fc.assert(fc.asyncProperty(inputs, property), { numRuns: FUZZ_RUNS });
}

/** Fails where few inputs came through: such a property shows little of what lies behind the first checks. */
export function assertShare(through: number, tried: number): void {
  assert.ok(through > tried / 4, `only ${through} of ${tried} came through`);
}

/** Fails on an error that is not the fault of the one who asked. */
export function assertRefused(error: unknown): undefined {
  const { status } = Object(error);
  assert.ok(status >= 400 && status < 500, String(error));
}

const ODD = ['', null, 0, -1, 1e308, true, [], {}, '__proto__', 'constructor'];

/** What JSON can hold, with the values among it that mean something where they stand. */
export function valueOr(...telling: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom(...(telling.length > 0 ? telling : ODD)),
    fc.constantFrom(...ODD),
    fc.jsonValue({ maxDepth: 3 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
}

/** Some of these members and, more often, none: what little or nothing was done to has to be tried as well. */
export function someOf(
  members: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const one = fc
    .constantFrom(...Object.entries(members))
    .chain(([name, value]) => fc.record({ [name]: value }));
  return fc.oneof(
    { arbitrary: fc.constant({}), weight: 3 },
    { arbitrary: one, weight: 2 },
    { arbitrary: fc.record(members, { requiredKeys: [] }), weight: 1 },
  );
}

/** Cuts a little out of a text and puts something else there; as often it leaves the text as it is. */
export const mutation: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc.constant((text: string) => text),
  fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 8 }), insertion())
    .map(([place, cut, insert]) => (text: string) => {
      const at = Math.floor(place * text.length);
      return text.slice(0, at) + insert + text.slice(at + cut);
    }),
);

function insertion(): fc.Arbitrary<string> {
  const base64url = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=');
  return fc.oneof(fc.string({ unit: base64url, maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 4 }));
}
