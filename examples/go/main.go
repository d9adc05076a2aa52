// Gets an access token with x/oauth2 and verifies it with go-oidc.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/url"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2/clientcredentials"
)

func main() {
	ctx := context.Background()
	resource := os.Getenv("RESOURCE")
	provider, err := oidc.NewProvider(ctx, os.Getenv("SIGNET_ISSUER"))
	exitOn(err)

	client := clientcredentials.Config{
		ClientID:       os.Getenv("CLIENT_ID"),
		ClientSecret:   os.Getenv("CLIENT_SECRET"),
		TokenURL:       provider.Endpoint().TokenURL,
		EndpointParams: url.Values{"resource": {resource}},
	}
	token, err := client.Token(ctx)
	exitOn(err)

	// In the API that gets the token; go-oidc calls the audience ClientID:
	verified, err := provider.Verifier(&oidc.Config{ClientID: resource}).Verify(ctx, token.AccessToken)
	exitOn(err)
	var claims json.RawMessage
	exitOn(verified.Claims(&claims))
	fmt.Println(string(claims))
}

func exitOn(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
