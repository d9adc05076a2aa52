// Gets an access token with openid-client and verifies it with jose.
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';

const { SIGNET_ISSUER, CLIENT_ID, CLIENT_SECRET, RESOURCE } = process.env;

// openid-client takes http only when told so; an issuer on this machine has no https.
const execute = SIGNET_ISSUER.startsWith('http:') ? [client.allowInsecureRequests] : [];
const issuer = new URL(SIGNET_ISSUER);
const config = await client.discovery(issuer, CLIENT_ID, CLIENT_SECRET, undefined, { execute });
const { access_token } = await client.clientCredentialsGrant(config, { resource: RESOURCE });

// In the API that gets the token:
const jwks = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
const expected = { issuer: SIGNET_ISSUER, audience: RESOURCE, typ: 'at+jwt' };
const { payload } = await jwtVerify(access_token, jwks, expected);
console.log(JSON.stringify(payload));
