"""How each library gets a token by the client credentials grant (RFC 6749 §4.4), as its users write it."""

import asyncio
import os

import httpx
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.integrations.requests_client import OAuth2Session
from httpx_auth import OAuth2ClientCredentials
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session as RequestsOAuth2Session

# oauthlib takes http, as the issuer speaks it on this machine, only when it is told to.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"


def authlib_requests(metadata, step):
    method = step["method"]
    session = OAuth2Session(step["client_id"], step["client_secret"], token_endpoint_auth_method=method)
    endpoint = metadata["token_endpoint"]
    return session.fetch_token(endpoint, grant_type="client_credentials", **step["parameters"])


def authlib_httpx(metadata, step):
    method = step["method"]
    endpoint = metadata["token_endpoint"]

    async def fetch_token():
        credentials = step["client_id"], step["client_secret"]
        async with AsyncOAuth2Client(*credentials, token_endpoint_auth_method=method) as client:
            return await client.fetch_token(endpoint, grant_type="client_credentials", **step["parameters"])

    return asyncio.run(fetch_token())


def requests_oauthlib(metadata, step):
    session = RequestsOAuth2Session(client=BackendApplicationClient(step["client_id"]))
    return session.fetch_token(
        metadata["token_endpoint"],
        client_secret=step["client_secret"],
        include_client_id=step["method"] == "client_secret_post",
        **step["parameters"],
    )


def httpx_auth(metadata, step):
    """It sends the token to the API and shows no more of it."""
    credentials = step["client_id"], step["client_secret"]
    auth = OAuth2ClientCredentials(metadata["token_endpoint"], *credentials, **step["parameters"])
    api = httpx.MockTransport(lambda request: httpx.Response(200, text=request.headers["authorization"]))
    with httpx.Client(auth=auth, transport=api) as client:
        token_type, access_token = client.get("https://api.example.com").text.split(" ")
    return {"token_type": token_type, "access_token": access_token}


TOKEN_CLIENTS = {
    "Authlib OAuth2Session": authlib_requests,
    "Authlib AsyncOAuth2Client": authlib_httpx,
    "requests-oauthlib": requests_oauthlib,
    "httpx-auth": httpx_auth,
}


def introspect(metadata, step):
    session = OAuth2Session(step["client_id"], step["client_secret"])
    return session.introspect_token(metadata["introspection_endpoint"], token=step["token"]).json()


def revoke(metadata, step):
    session = OAuth2Session(step["client_id"], step["client_secret"])
    session.revoke_token(metadata["revocation_endpoint"], token=step["token"]).raise_for_status()
    return introspect(metadata, step)
