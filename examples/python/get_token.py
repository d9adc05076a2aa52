"""Gets an access token with Authlib and verifies it with PyJWT."""

import json
import os

import jwt
import requests
from authlib.integrations.requests_client import OAuth2Session

issuer = os.environ["SIGNET_ISSUER"]
resource = os.environ["RESOURCE"]
metadata = requests.get(f"{issuer}/.well-known/oauth-authorization-server", timeout=10).json()

session = OAuth2Session(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
token = session.fetch_token(metadata["token_endpoint"], grant_type="client_credentials", resource=resource)
access_token = token["access_token"]

# In the API that gets the token:
key = jwt.PyJWKClient(metadata["jwks_uri"]).get_signing_key_from_jwt(access_token)
claims = jwt.decode(access_token, key, issuer=issuer, audience=resource)
print(json.dumps(claims))
