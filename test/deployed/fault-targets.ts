import assert from 'node:assert/strict';
import * as v from 'valibot';
import type { KeySet } from '../../core/jose/signing-key.ts';
import type { SigningKeyStore } from '../../core/ports/signing-key-store.ts';
import { makeClientKey } from '../support/client-assertion.ts';
import { dpopProof } from '../support/dpop-proof.ts';
import type { EmulatedFunction } from '../support/emulated-function.ts';
import { type Answer, type PreparedIssuer, REFERENCE_RESOURCE, RESOURCE } from './prepared-issuer.ts';

const KEY = makeClientKey('P-256');
const THREE_DAYS = 259_200;

/** A kind of request that is made in each fault. */
export interface FaultTarget {
  readonly name: string;
  readonly answeredBy: EmulatedFunction;
  /** What it answers when nothing is broken. */
  readonly good: string;
  /** Makes what it takes, while nothing is broken. */
  prepare(): Promise<void>;
  ask(): Promise<Answer>;
  /** Looks whether all is as this answer says, when nothing is broken any more. */
  verify(answer: Answer): Promise<void>;
}

/** What was answered, and after how long. */
export interface TargetAnswer {
  readonly target: FaultTarget;
  readonly answer: Answer;
  readonly seconds: number;
}

/** Asks all of them, those of one function one after the other: one start of it answers them. */
export async function askTargets(targets: readonly FaultTarget[]): Promise<readonly TargetAnswer[]> {
  const byFunction = Map.groupBy(targets, ({ answeredBy }) => answeredBy.name).values();
  const answered = await Promise.all([...byFunction].map(askInTurn));
  return answered.flat().toSorted((a, b) => targets.indexOf(a.target) - targets.indexOf(b.target));
}

async function askInTurn(targets: readonly FaultTarget[]): Promise<readonly TargetAnswer[]> {
  const answers: TargetAnswer[] = [];
  for (const target of targets) {
    const startedAt = performance.now();
    const answer = await target.ask();
    answers.push({ target, answer, seconds: (performance.now() - startedAt) / 1_000 });
  }
  return answers;
}

/** Every kind of request, to an issuer whose key is in KMS, and to one whose key is in memory and rotates. */
export function faultTargets(
  inKms: PreparedIssuer,
  inMemory: PreparedIssuer,
  keysInMemory: SigningKeyStore,
): Promise<readonly FaultTarget[]> {
  return Promise.all([
    jwtTarget('JWT, key in KMS', inKms),
    jwtTarget('JWT, key in memory', inMemory),
    referenceTokenTarget(inKms),
    introspectionTarget(inKms),
    revocationTarget(inKms),
    jwksTarget(inKms),
    rotationTarget(inMemory, keysInMemory),
  ]);
}

const TokenSchema = v.object({ access_token: v.string() });

/** A token, which is good when there is one. */
async function tokenTarget(
  name: string,
  issuer: PreparedIssuer,
  resource: string,
  makeHeaders: () => Promise<Readonly<Record<string, string>>> = async () => ({}),
): Promise<FaultTarget> {
  return {
    name,
    answeredBy: await issuer.functionNamed('Token'),
    good: '200',
    prepare: async () => undefined,
    ask: async () =>
      issuer.post('/token', { grant_type: 'client_credentials', resource }, await makeHeaders()),
    async verify({ text, body }) {
      if (text === '200') assert.equal(await isActive(v.parse(TokenSchema, body).access_token, issuer), true);
    },
  };
}

/** A JWT, whichever way it is signed. */
function jwtTarget(name: string, issuer: PreparedIssuer): Promise<FaultTarget> {
  return tokenTarget(name, issuer, RESOURCE);
}

/** A reference token that is bound by a DPoP proof: both are written. */
function referenceTokenTarget(issuer: PreparedIssuer): Promise<FaultTarget> {
  return tokenTarget('Reference token, DPoP', issuer, REFERENCE_RESOURCE, async () => ({
    DPoP: await dpopProof(KEY, 'ES256', `${issuer.identifier}/token`, Math.floor(Date.now() / 1000)),
  }));
}

/** What is done with a JWT at an endpoint that takes one. */
async function presentedTokenTarget(
  name: string,
  path: string,
  issuer: PreparedIssuer,
  verify: (body: unknown, token: string) => Promise<void> | void,
): Promise<FaultTarget> {
  let token = '';
  return {
    name,
    answeredBy: await issuer.functionNamed(name),
    good: '200',
    async prepare() {
      const { body } = await issuer.post('/token', { grant_type: 'client_credentials', resource: RESOURCE });
      token = v.parse(TokenSchema, body).access_token;
    },
    ask: () => issuer.post(path, { token }),
    async verify({ text, body }) {
      if (text === '200') await verify(body, token);
    },
  };
}

/** The introspection of a good token. */
function introspectionTarget(issuer: PreparedIssuer): Promise<FaultTarget> {
  return presentedTokenTarget('Introspection', '/introspect', issuer, (body) =>
    assert.equal(v.parse(ActiveSchema, body).active, true),
  );
}

/** A revocation: also one that was asked for again has revoked the token when it was answered. */
function revocationTarget(issuer: PreparedIssuer): Promise<FaultTarget> {
  return presentedTokenTarget('Revocation', '/revoke', issuer, async (_, token) =>
    assert.equal(await isActive(token, issuer), false),
  );
}

/** The JWKS: the same document always. */
async function jwksTarget(issuer: PreparedIssuer): Promise<FaultTarget> {
  const { body: published } = await issuer.get('/.well-known/jwks.json');
  return {
    name: 'JWKS',
    answeredBy: await issuer.functionNamed('Jwks'),
    good: '200',
    prepare: async () => undefined,
    ask: () => issuer.get('/.well-known/jwks.json'),
    async verify({ text, body }) {
      if (text === '200') assert.deepEqual(body, published);
    },
  };
}

/** The rotation of a key that is due: one key follows, however often it is asked for. */
async function rotationTarget(issuer: PreparedIssuer, signingKeys: SigningKeyStore): Promise<FaultTarget> {
  const { keys } = await signingKeys.load();
  const due = keys.map((key) => ({ ...key, signs_from: key.signs_from - THREE_DAYS }));
  const answeredBy = await issuer.functionNamed('KeyRotation');
  return {
    name: 'Rotation',
    answeredBy,
    good: 'done',
    async prepare() {
      const { version } = await signingKeys.load();
      assert.ok(await signingKeys.replace({ version: version + 1, keys: due }));
    },
    ask: async () => ({ text: (await answeredBy.invoke()) ? 'done' : 'fails' }),
    async verify({ text }) {
      const keySet = await signingKeys.load();
      // What failed may have been written: its answer was lost.
      if (text === 'done' || keySet.keys.length > due.length) assertFollowed(keySet);
      else assert.deepEqual(keySet.keys, due);
    },
  };
}

/** The key that was due retires as soon as the one after it signs. */
function assertFollowed({ keys }: KeySet): void {
  const [before, next, ...more] = keys;
  assert.equal(before?.retired_at, next?.signs_from);
  assert.deepEqual(more, []);
}

const ActiveSchema = v.object({ active: v.boolean() });

async function isActive(token: string, issuer: PreparedIssuer): Promise<boolean> {
  return v.parse(ActiveSchema, (await issuer.post('/introspect', { token })).body).active;
}
