"""How each library verifies an access token (RFC 9068 §4), as its users write it; each tells its claims or raises."""

import jwt
import requests
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator


def pyjwt(metadata, step):
    key = jwt.PyJWKClient(metadata["jwks_uri"]).get_signing_key_from_jwt(step["token"])
    return jwt.decode(step["token"], key, issuer=metadata["issuer"], audience=step["resource"])


class AccessTokenValidator(JWTBearerTokenValidator):
    def __init__(self, metadata, resource):
        super().__init__(metadata["issuer"], resource)
        self.jwks_uri = metadata["jwks_uri"]

    def get_jwks(self):
        return requests.get(self.jwks_uri, timeout=10).json()


def authlib(metadata, step):
    validator = AccessTokenValidator(metadata, step["resource"])
    token = validator.authenticate_token(step["token"])
    validator.validate_token(token, ["read"], None)
    return dict(token)


VERIFIERS = {"PyJWT": pyjwt, "Authlib": authlib}
