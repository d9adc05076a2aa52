package main

import (
	"context"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

var authStyles = map[string]oauth2.AuthStyle{
	"AuthStyleAutoDetect": oauth2.AuthStyleAutoDetect,
	"AuthStyleInHeader":   oauth2.AuthStyleInHeader,
	"AuthStyleInParams":   oauth2.AuthStyleInParams,
}

// Gets a token with x/oauth2 by the client credentials grant (RFC 6749 §4.4).
func getToken(ctx context.Context, provider *oidc.Provider, step step) (any, error) {
	config := clientcredentials.Config{
		ClientID:       step.ClientID,
		ClientSecret:   step.ClientSecret,
		TokenURL:       provider.Endpoint().TokenURL,
		AuthStyle:      authStyles[step.Method],
		EndpointParams: url.Values{},
	}
	for name, value := range step.Parameters {
		if name == "scope" {
			config.Scopes = strings.Fields(value)
		} else {
			config.EndpointParams.Set(name, value)
		}
	}
	token, err := config.Token(ctx)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"access_token": token.AccessToken,
		"token_type":   token.Type(),
		"expires_in":   token.Extra("expires_in"),
		"scope":        token.Extra("scope"),
	}, nil
}
