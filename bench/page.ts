import { PRICES } from './prices.ts';
import { type Report, reportTables } from './report.ts';

/** Writes docs/performance.md: what was measured, how, and what follows from it. */
export function performancePage(report: Report): string {
  const tables = reportTables(report);
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  return `# Performance

<!-- Made by \`npm run bench -- --write\`: change bench/page.ts. -->

Measured on ${report.date}: ${report.machine}; ${versions.join(', ')}.
Repeat it with \`npm run bench\`, which takes some ten minutes. Times differ from machine to machine and with what else runs there: compare
the ratios.

## The endpoints beside a floor, and beside others

The embedded issuer, started as its users start it, beside a floor, \`bench/contenders/floor-issuer.ts\` in a bare \`node:http\` server: it
reads the same request, compares one SHA-256 in constant time, signs the same claims once, or verifies them once, and answers the same JSON.
It has no store, no log and one client, and where the issuer has found a cheaper way to do one of these, so does the floor. And beside others
that do the same work, one JWT of the same algorithm for a client with a secret: node-oidc-provider with its store in memory; Keycloak in its
production mode with its database in memory; Ory Hydra with its database in memory and one iteration for the hash of the secret, where by
default it has 25,000. How many times what the other one has:

${tables.ratios}

And in numbers, each the median of rounds in which Signet took turns with one kind of the others, so that it stands here once for each:

${tables.figures}

![CPU per request of each server](performance.svg)

CPU is that of the server's process, all its threads, after 20,000 answers or thirty seconds to warm up. The servers run on one core and the
load comes from the other one, over connections that stay open, by a client that authenticates with its secret in the \`Authorization\`
header. There are two floors, one that signs in its own thread and one that hands each signature to libuv's pool, and the one that takes
less CPU counts.

### How the issuer signs

Handing a signature to a thread of the pool costs tens of microseconds, to wake it and to be woken: more than an ES256 signature. Signing
in the event loop's own thread uses one core however many there are. So a signature that is asked for alone is made at once, and those
that are asked for together go to the pool (\`adapters/embedded/signer.ts\`). Which of the two it is shows when the event loop has come round
once; while requests keep coming alone, only one in sixteen waits for that.

### What the issuer keeps in memory

A client, a resource, the key set and that a token was not revoked are read once, and again after anything was written to the store
(\`adapters/embedded/keep-until-written.ts\`). To look whether another process wrote, the CLI for one, takes a lock of the store's file,
which is a tenth of an ES256 token's CPU: it is done once in ten milliseconds. So a client that was disabled there gets no token from
ten milliseconds later on; one that this process disabled, from then on. Ten thousand of each are kept: others cost some 35 µs more, to be
read each time. A line of the log waits twenty milliseconds at most, to be written with others.

## As the store grows

Embedded issuers with more and less in their stores, which took turns, one request at a time, ES256:

${tables.growth}

## The handler alone

The handler in the bundle of the token function, warm, with an event of an HTTP API: with its key in memory and no call of AWS, beside what
any issuer has to do, to parse the request, hash the secret and sign; and with every call of AWS that a token can take, of a stand-in in
another process, beside the same calls by the SDK's clients and nothing else. In microseconds of CPU; the handler also looks up, decides, and
writes its line of the log. The median of rounds in three processes, for each is some hundredths faster or slower than the next.

${tables.handlers}

## The Lambda bundles

Bundled as the stack does it. The import is that of a new process, the median of many, less that of an empty module; of a cold start it is
the part that this code decides. Most of it is the AWS SDK, where that is in the bundle: \`plain-clients\` is what a token takes of it and
nothing else, the clients of DynamoDB and KMS, as esbuild bundles them unless told otherwise. The last column is how many times its import.

${tables.bundles}

## AWS calls per token

What the bundle of the token function calls, counted by a stand-in for DynamoDB and KMS:

${tables.awsCalls}

How long the cache may hold a client that was disabled is told in [operations](operations.md).

## What a million tokens cost

Computed from the list prices of ${PRICES.date} in \`bench/prices.ts\` (us-east-1, without free tiers and discounts), for warm functions and
caches that hold nothing; what a token is billed for by Lambda is an assumption that stands in \`bench/cost.ts\`. Keys cost $1 a month each
besides. The stack makes an HTTP API or a REST API; a function URL is here to compare with. Auth0 and Microsoft Entra sell tokens for
machines within plans, and have no list price of one.

${tables.cost}
`;
}
