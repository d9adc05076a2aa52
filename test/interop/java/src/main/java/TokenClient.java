import java.time.Duration;
import java.util.Map;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ClientCredentialsOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.util.LinkedMultiValueMap;

/** Gets a token with Spring Security's client by the client credentials grant (RFC 6749 §4.4). */
final class TokenClient {
  private TokenClient() {}

  static Map<String, Object> get(String issuer, Step step) {
    var registration = registration(issuer, step);
    var registrations = new InMemoryClientRegistrationRepository(registration);
    var clients = new InMemoryOAuth2AuthorizedClientService(registrations);
    var manager = new AuthorizedClientServiceOAuth2AuthorizedClientManager(registrations, clients);
    manager.setAuthorizedClientProvider(provider(step));
    var id = registration.getRegistrationId();
    var request = OAuth2AuthorizeRequest.withClientRegistrationId(id).principal("service").build();
    return show(manager.authorize(request).getAccessToken());
  }

  private static ClientRegistration registration(String issuer, Step step) {
    var builder =
        ClientRegistrations.fromIssuerLocation(issuer)
            .clientId(step.clientId())
            .clientSecret(step.clientSecret())
            .clientAuthenticationMethod(new ClientAuthenticationMethod(step.method()))
            .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS);
    var scope = step.parameters().get("scope");
    return (scope == null ? builder : builder.scope(scope.split(" "))).build();
  }

  private static ClientCredentialsOAuth2AuthorizedClientProvider provider(Step step) {
    var others = new LinkedMultiValueMap<String, String>();
    others.setAll(step.parameters());
    others.remove("scope");
    var responseClient = new RestClientClientCredentialsTokenResponseClient();
    responseClient.addParametersConverter(request -> others);
    var provider = new ClientCredentialsOAuth2AuthorizedClientProvider();
    provider.setAccessTokenResponseClient(responseClient);
    return provider;
  }

  private static Map<String, Object> show(OAuth2AccessToken token) {
    return Map.of(
        "access_token", token.getTokenValue(),
        "token_type", token.getTokenType().getValue(),
        "expires_in", Duration.between(token.getIssuedAt(), token.getExpiresAt()).toSeconds(),
        "scope", String.join(" ", token.getScopes()));
  }
}
