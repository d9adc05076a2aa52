import { type Report, reportTables } from './report.ts';

/** Writes docs/performance.md: what was measured, how, and what follows from it. */
export function performancePage(report: Report): string {
  const tables = reportTables(report);
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  return `# Performance

<!-- Made by \`npm run bench -- --write\`: change bench/page.ts. -->

Measured on ${report.date}: ${report.machine}; ${versions.join(', ')}.
Repeat it with \`npm run bench\`, which takes two minutes. Times differ from machine to machine and with what else runs there: compare
the ratios.

## The token endpoint beside a floor

The embedded issuer, started as its users start it, beside \`bench/floor.ts\`: a bare \`node:http\` server that reads the same request,
compares one SHA-256 in constant time, signs the same claims once and answers the same JSON. It has no store, no log and one client, and
where the issuer has found a cheaper way to do one of these, so does the floor. How many times what the floor takes:

${tables.ratios}

And in numbers, each the median of rounds in which the servers took turns:

${tables.figures}

CPU is that of the server's process, all its threads, as it counts itself (\`process.cpuUsage\`), after 20,000 tokens or eight seconds to
warm up. The load comes from the same machine, over connections that stay open, by a client that authenticates with its secret in the
\`Authorization\` header. There are two floors, one that signs in its own thread and one that hands each signature to libuv's pool, and
the one that takes less CPU counts.

### How the issuer signs

Handing a signature to a thread of the pool costs tens of microseconds, to wake it and to be woken: more than an ES256 signature. Signing
in the event loop's own thread uses one core however many there are. So a signature that is asked for alone is made at once, and those
that are asked for together go to the pool (\`adapters/embedded/signer.ts\`).

### What the issuer keeps in memory

A client, a resource and the key set are read and checked once, and again after anything was written to the store
(\`adapters/embedded/keep-until-written.ts\`). To look whether another process wrote, the CLI for one, takes a lock of the store's file,
which is a tenth of an ES256 token's CPU: it is done once a millisecond. So a client that was disabled there gets no token from a
millisecond later on; one that this process disabled, from then on.

## The Lambda bundles

Bundled as the stack does it. The import is that of a new process, the median of many, less that of an empty module; of a cold start it is
the part that this code decides. Most of it is the AWS SDK, where that is in the bundle: \`plain-clients\` is what a token takes of it and
nothing else, the clients of DynamoDB and KMS, as esbuild bundles them unless told otherwise. The last column is how many times its import.

${tables.bundles}

## AWS calls per token

What the bundle of the token function calls, counted by a stand-in for DynamoDB and KMS:

${tables.awsCalls}

How long the cache may hold a client that was disabled is told in [operations](operations.md).
`;
}
