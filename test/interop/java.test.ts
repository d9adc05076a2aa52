import { join } from 'node:path';
import { TOKEN_RESPONSE, testForeignLibraries } from '../support/foreign-libraries.ts';

testForeignLibraries('Java', {
  probe: 'javac -version && mvn --version',
  folder: join(import.meta.dirname, 'java'),
  script: `
    mvn --quiet --batch-mode compile dependency:build-classpath >&2
    java -cp "target/classes:$(cat target/classpath)" Main
  `,
  tokenClients: {
    'Spring Security': {
      methods: ['client_secret_basic', 'client_secret_post'],
      shows: TOKEN_RESPONSE,
      refusals: {
        'a wrong secret': / 401 Unauthorized .*"error":"invalid_client"/,
        'a scope it may not have': /^ClientAuthorizationException: \[invalid_scope\] /,
        'a resource that is for others': /^ClientAuthorizationException: \[invalid_target\] /,
      },
    },
  },
  verifiers: {
    'Spring Security': {
      'for another audience': /^JwtValidationException: .*The aud claim is not valid$/,
      'of another issuer': /^BadJwtException: .*no matching key\(s\) found$/,
      'signed by another key under the kid of the issuer': /^BadJwtException: .*Invalid signature$/,
      'whose claims were changed': /^BadJwtException: .*Invalid signature$/,
    },
  },
  introspectors: { 'Spring Security': { error: "BadOpaqueTokenException: Provided token isn't active" } },
  revokers: [],
});
