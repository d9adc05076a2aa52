import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.introspection.SpringOpaqueTokenIntrospector;

/** Does what an API does with a token that it gets, with Spring Security's resource server. */
final class ResourceServer {
  private ResourceServer() {}

  /** Verifies the token itself, as an access token: by default only other JWTs are taken (RFC 9068 §4). */
  static Map<String, Object> verify(String issuer, Step step) {
    var decoder = NimbusJwtDecoder.withIssuerLocation(issuer).build();
    decoder.setJwtValidator(
        JwtValidators.createAtJwtValidator()
            .issuer(issuer)
            .audience(step.resource())
            .clientId(step.clientId())
            .build());
    return asOnTheWire(decoder.decode(step.token()).getClaims());
  }

  /** Has the issuer verify it (RFC 7662 §2). */
  static Map<String, Object> introspect(String issuer, Step step) {
    var introspector =
        SpringOpaqueTokenIntrospector.withIntrospectionUri(issuer + "/introspect")
            .clientId(step.clientId())
            .clientSecret(step.clientSecret())
            .build();
    return asOnTheWire(introspector.introspect(step.token()).getAttributes());
  }

  /** The claims as JSON has them, where Spring has times as Instants, and the audience and the scope as lists. */
  private static Map<String, Object> asOnTheWire(Map<String, Object> claims) {
    var json = new HashMap<String, Object>(claims);
    json.replaceAll((name, value) -> asOnTheWire(value));
    return json;
  }

  private static Object asOnTheWire(Object value) {
    if (value instanceof Instant time) return time.getEpochSecond();
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
    return value;
  }
}
