package main

import (
	"context"
	"encoding/json"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Verifies an access token with go-oidc, which calls the audience ClientID (RFC 9068 §4).
func verify(ctx context.Context, provider *oidc.Provider, step step) (claims json.RawMessage, err error) {
	verified, err := provider.VerifierContext(ctx, &oidc.Config{ClientID: step.Resource}).Verify(ctx, step.Token)
	if err != nil {
		return nil, err
	}
	err = verified.Claims(&claims)
	return claims, err
}
