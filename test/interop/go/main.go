// Has the libraries do the steps that standard input lists, and prints what came of each: JSON in, JSON out.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
)

type step struct {
	Do           string
	Method       string
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	Parameters   map[string]string
	Resource     string
	Token        string
}

func main() {
	var given struct {
		Issuer string
		Steps  map[string]step
	}
	exitOn(json.NewDecoder(os.Stdin).Decode(&given))
	ctx := context.Background()
	provider, err := oidc.NewProvider(ctx, given.Issuer)
	exitOn(err)
	outcomes := map[string]any{}
	for name, step := range given.Steps {
		outcome, err := take(ctx, provider, step)
		if err != nil {
			outcome = map[string]string{"error": err.Error()}
		}
		outcomes[name] = outcome
	}
	exitOn(json.NewEncoder(os.Stdout).Encode(outcomes))
}

func take(ctx context.Context, provider *oidc.Provider, step step) (any, error) {
	switch step.Do {
	case "get":
		return getToken(ctx, provider, step)
	case "verify":
		return verify(ctx, provider, step)
	}
	return nil, fmt.Errorf("no library does this: %s", step.Do)
}

func exitOn(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
