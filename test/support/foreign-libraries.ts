import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeJwt } from 'jose';
import * as v from 'valibot';
import { type ConnectedIssuer, connectIssuer, requestAccessToken } from './connect-issuer.ts';
import { runScript, skipWithout } from './language.ts';
import { makeRefusedTokens, REFUSED_TOKENS, type RefusedToken } from './refused-tokens.ts';

/** The token requests that the issuer refuses, by what is wrong with them. */
const REFUSED_REQUESTS = [
  'a wrong secret',
  'a scope it may not have',
  'a resource that is for others',
] as const;

/** What is wrong with a token request. */
type RefusedRequest = (typeof REFUSED_REQUESTS)[number];

/** What is sent instead of what is good. */
const DIFFERENCES: Record<RefusedRequest, object> = {
  'a wrong secret': { client_secret: 'wrong', parameters: {} },
  'a scope it may not have': { parameters: { scope: 'admin' } },
  'a resource that is for others': { parameters: { resource: 'https://a.example.com' } },
};

/** By which a token request may name the API: as RFC 8707 has it, and as libraries for other issuers do. */
const TARGET_PARAMETERS = ['resource', 'audience'] as const;

/** The libraries of one language, and the program that has them do what it reads on standard input. */
export interface ForeignLibraries {
  /** A command that works where the language is. */
  readonly probe: string;
  readonly folder: string;
  /** The shell script that installs and builds what has to be, and runs the program. */
  readonly script: string;
  /** Those that get tokens. */
  readonly tokenClients: Readonly<Record<string, TokenClient>>;
  /** Those that verify tokens, and what they say when they refuse one. */
  readonly verifiers: Readonly<Record<string, Readonly<Record<RefusedToken, RegExp>>>>;
  /** Those that introspect, and what they tell of a revoked token. */
  readonly introspectors: Readonly<Record<string, object>>;
  /** Those that revoke; what they tell is the introspection that follows. */
  readonly revokers: readonly string[];
}

interface TokenClient {
  readonly methods: readonly string[];
  /** What it shows beside the access token. */
  readonly shows: Readonly<Record<string, unknown>>;
  readonly refusals: Readonly<Record<RefusedRequest, RegExp>>;
}

/** One thing that a library does. */
interface Case {
  readonly name: string;
  readonly step: Readonly<Record<string, unknown>>;
  check(outcome: unknown): void;
}

const OutcomesSchema = v.record(v.string(), v.unknown());
const TokenSchema = v.looseObject({ access_token: v.string() });
const ErrorSchema = v.strictObject({ error: v.string() });

/** What a token response says of a token for one hour (RFC 6749 §5.1). */
export const TOKEN_RESPONSE = { token_type: 'Bearer', expires_in: 3600, scope: 'read' };

/** Has the libraries of a language work with an issuer, all of them in one run of their program. */
export function testForeignLibraries(language: string, libraries: ForeignLibraries): void {
  test(language, { skip: skipWithout(libraries.probe) }, async (t) => {
    const connected = await connectIssuer(t);
    const cases = [
      ...tokenRequests(libraries, connected),
      ...(await verifications(libraries, connected)),
      ...(await introspections(libraries, connected)),
    ];
    const outcomes = await runProgram(libraries, connected, cases);
    for (const { name, check } of cases) await t.test(name, () => check(outcomes[name]));
  });
}

async function runProgram(
  { folder: cwd, script }: ForeignLibraries,
  { issuer, client_id, client_secret }: ConnectedIssuer,
  cases: readonly Case[],
): Promise<Record<string, unknown>> {
  const steps = cases.map(({ name, step }) => [name, { client_id, client_secret, ...step }] as const);
  const stdin = JSON.stringify({ issuer, steps: Object.fromEntries(steps) });
  const { exitCode, stdout, stderr } = await runScript(script, { cwd, stdin });
  assert.equal(exitCode, 0, stderr);
  return v.parse(OutcomesSchema, JSON.parse(stdout));
}

function tokenRequests({ tokenClients }: ForeignLibraries, { otherResource }: ConnectedIssuer): Case[] {
  return Object.entries(tokenClients).flatMap(([library, { methods, shows, refusals }]) =>
    methods.flatMap((method): Case[] => [
      ...TARGET_PARAMETERS.map((target) => ({
        name: `${library} gets a token by ${method} for the API that ${target} names (RFC 6749 §4.4)`,
        step: { do: 'get', library, method, parameters: { scope: 'read', [target]: otherResource } },
        check(outcome: unknown) {
          const { access_token, expires_at, ...rest } = v.parse(TokenSchema, outcome);
          assert.deepEqual(rest, shows);
          const { aud, scope } = decodeJwt(access_token);
          assert.deepEqual({ aud, scope }, { aud: otherResource, scope: 'read' });
        },
      })),
      ...REFUSED_REQUESTS.map((wrong) => ({
        name: `${library} reports the refusal of ${wrong} by ${method} (RFC 6749 §5.2, RFC 8707 §2)`,
        step: { do: 'get', library, method, ...DIFFERENCES[wrong] },
        check: assertError(refusals[wrong]),
      })),
    ]),
  );
}

async function verifications({ verifiers }: ForeignLibraries, connected: ConnectedIssuer): Promise<Case[]> {
  const { resource, otherResource } = connected;
  const good = [
    ['RS256', resource, await requestAccessToken(connected, { scope: 'read', resource })],
    ['ES256', otherResource, await requestAccessToken(connected, { scope: 'read', resource: otherResource })],
  ] as const;
  const refusedTokens = await makeRefusedTokens(connected);
  return Object.entries(verifiers).flatMap(([library, refusals]) => [
    ...good.map(([alg, audience, token]) => ({
      name: `${library} verifies a token that was signed with ${alg} (RFC 9068 §4)`,
      step: { do: 'verify', library, resource: audience, token },
      check: (outcome: unknown) => assert.deepEqual(outcome, decodeJwt(token)),
    })),
    ...REFUSED_TOKENS.map((wrong) => ({
      name: `${library} refuses a token ${wrong} (RFC 9068 §4)`,
      step: { do: 'verify', library, resource, token: refusedTokens[wrong] },
      check: assertError(refusals[wrong]),
    })),
  ]);
}

async function introspections(
  { introspectors, revokers }: ForeignLibraries,
  connected: ConnectedIssuer,
): Promise<Case[]> {
  const token = await requestAccessToken(connected);
  const revokedToken = await requestAccessToken(connected);
  await revokeToken(revokedToken, connected);
  const introspected = Object.entries(introspectors).flatMap(([library, inactive]) => [
    {
      name: `${library} introspects a token (RFC 7662 §2.2)`,
      step: { do: 'introspect', library, token },
      check(outcome: unknown) {
        assert.deepEqual(outcome, { active: true, token_type: 'Bearer', ...decodeJwt(token) });
      },
    },
    {
      name: `${library} finds a revoked token inactive (RFC 7009 §2.2, RFC 7662 §2.2)`,
      step: { do: 'introspect', library, token: revokedToken },
      check: (outcome: unknown) => assert.deepEqual(outcome, inactive),
    },
  ]);
  const revoked = revokers.map((library) => ({
    name: `${library} revokes a token (RFC 7009 §2.1)`,
    step: { do: 'revoke', library, token },
    check: (outcome: unknown) => assert.deepEqual(outcome, { active: false }),
  }));
  return [...introspected, ...revoked];
}

async function revokeToken(
  token: string,
  { issuer, client_id, client_secret }: ConnectedIssuer,
): Promise<void> {
  const body = new URLSearchParams({ token, client_id, client_secret });
  const { status } = await fetch(`${issuer}/revoke`, { method: 'POST', body });
  assert.equal(status, 200);
}

/** Checks that a library failed, and what it said. */
function assertError(message: RegExp): Case['check'] {
  return (outcome) => assert.match(v.parse(ErrorSchema, outcome).error, message);
}
