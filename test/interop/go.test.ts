import { join } from 'node:path';
import { TOKEN_RESPONSE, testForeignLibraries } from '../support/foreign-libraries.ts';

testForeignLibraries('Go', {
  probe: 'go version',
  folder: join(import.meta.dirname, 'go'),
  script: 'go run .',
  tokenClients: {
    'x/oauth2': {
      methods: ['AuthStyleAutoDetect', 'AuthStyleInHeader', 'AuthStyleInParams'],
      shows: TOKEN_RESPONSE,
      refusals: {
        'a wrong secret': /^oauth2: "invalid_client" /,
        'a scope it may not have': /^oauth2: "invalid_scope" /,
        'a resource that is for others': /^oauth2: "invalid_target" /,
      },
    },
  },
  verifiers: {
    'go-oidc': {
      'for another audience': /^oidc: expected audience /,
      'of another issuer': /^failed to verify signature: /,
      'signed by another key under the kid of the issuer': /^failed to verify signature: /,
      'whose claims were changed': /^failed to verify signature: /,
    },
  },
  introspectors: {},
  revokers: [],
});
