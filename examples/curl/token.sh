#!/bin/sh
# Gets an access token and has the issuer verify it (introspection, RFC 7662).
set -eu

response=$(curl -fsS -u "$CLIENT_ID:$CLIENT_SECRET" \
  -d grant_type=client_credentials --data-urlencode "resource=$RESOURCE" "$SIGNET_ISSUER/token")
access_token=$(echo "$response" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')

# In the API that gets the token:
curl -fsS -u "$CLIENT_ID:$CLIENT_SECRET" -d "token=$access_token" "$SIGNET_ISSUER/introspect" | grep '"active":true'
