import { join } from 'node:path';
import { TOKEN_RESPONSE, testForeignLibraries } from '../support/foreign-libraries.ts';

const AUTHLIB = {
  methods: ['client_secret_basic', 'client_secret_post'],
  shows: TOKEN_RESPONSE,
  refusals: {
    'a wrong secret': /^invalid_client$/,
    'a scope it may not have': /^invalid_scope$/,
    'a resource that is for others': /^invalid_target$/,
  },
};

testForeignLibraries('Python', {
  probe: 'python3 -m ensurepip --version',
  folder: join(import.meta.dirname, 'python'),
  script: `
    [ -d .venv ] || python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
    .venv/bin/python main.py
  `,
  tokenClients: {
    'Authlib OAuth2Session': AUTHLIB,
    'Authlib AsyncOAuth2Client': AUTHLIB,
    'requests-oauthlib': { ...AUTHLIB, shows: { ...TOKEN_RESPONSE, scope: ['read'] } },
    'httpx-auth': {
      methods: ['client_secret_basic'],
      shows: { token_type: 'Bearer' },
      refusals: {
        'a wrong secret': /^InvalidGrantRequest: invalid_client: /,
        'a scope it may not have': /^InvalidGrantRequest: invalid_scope: /,
        'a resource that is for others': /^InvalidGrantRequest: invalid_target: /,
      },
    },
  },
  verifiers: {
    PyJWT: {
      'for another audience': /^InvalidAudienceError: /,
      'of another issuer': /^PyJWKClientError: Unable to find a signing key/,
      'signed by another key under the kid of the issuer': /^InvalidSignatureError: /,
      'whose claims were changed': /^InvalidSignatureError: /,
    },
    Authlib: {
      'for another audience': /^invalid_claim$/,
      'of another issuer': /^invalid_key_id$/,
      'signed by another key under the kid of the issuer': /^bad_signature$/,
      'whose claims were changed': /^bad_signature$/,
    },
  },
  introspectors: { Authlib: { active: false } },
  revokers: ['Authlib'],
});
