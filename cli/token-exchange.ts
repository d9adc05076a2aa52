import type { Command } from 'commander';
import type { ClientMetadata } from '../core/management/clients.ts';
import {
  type Access,
  NONE,
  noneToNull,
  orNone,
  parseAccess,
  parseForeignSubject,
  parseNonEmpty,
  parseWords,
} from './option-values.ts';

/** The options that say what a client may exchange, and who may act for it. */
export interface TokenExchangeOptions {
  readonly exchangeFrom?: readonly string[] | typeof NONE;
  readonly exchangeForeign?: readonly unknown[] | typeof NONE;
  readonly exchangeTo?: readonly Access[];
  readonly impersonate?: boolean;
  readonly mayAct?: string;
}

/** Gives a command the options of token exchange (RFC 8693). */
export function withTokenExchange(command: Command): Command {
  return command
    .option(
      '--exchange-from <resources>',
      'the resources whose tokens it may exchange (RFC 8693), its own as a rule, with spaces between; none for no exchange',
      orNone(parseWords),
    )
    .option(
      '--exchange-foreign <subject>',
      'a subject of another issuer whose tokens it may exchange, and who that is here, as "ISSUER SUBJECT LOCAL_SUBJECT" or with an audience behind; repeat it: together they replace those it had; or none',
      parseForeignSubject,
    )
    .option(
      '--exchange-to <access>',
      'what it may exchange them for, as "URI scope scope"; repeat it as --resource; none for no exchange',
      parseAccess,
    )
    .option('--impersonate', 'let it exchange tokens for some that do not name it as the one who acts')
    .option('--no-impersonate', 'have it named in all tokens that it exchanges others for')
    .option(
      '--may-act <subject>',
      'who alone may exchange its tokens and so act for it, by the sub that its own tokens have; or none for all that may exchange them',
      parseNonEmpty,
    );
}

/** What the options say of token exchange, in the names of a client's members. */
export function toTokenExchange({
  exchangeFrom,
  exchangeForeign,
  exchangeTo,
  impersonate,
  mayAct,
}: TokenExchangeOptions): ClientMetadata {
  return {
    token_exchange_subject_resources: noneToNull(exchangeFrom),
    token_exchange_foreign_subjects: noneToNull(exchangeForeign),
    token_exchange_resources: exchangeTo?.length === 0 ? null : exchangeTo,
    token_exchange_impersonation: impersonate === false ? null : impersonate,
    may_act: mayAct === undefined || mayAct === NONE ? noneToNull(mayAct) : { sub: mayAct },
  };
}
