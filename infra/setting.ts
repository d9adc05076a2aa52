import * as v from 'valibot';

/** A setting that no issuer can be deployed with: its message is a sentence for whoever chose it. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/**
 * Checks a setting by the schema that says what it has to be.
 *
 * @throws SettingError that names the setting
 */
export function checkSetting<T>(name: string, schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new SettingError(`${name}: ${parsed.issues[0].message}`);
}
