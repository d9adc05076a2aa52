import java.util.Map;

/** One thing that a library does. */
record Step(
    String what,
    String method,
    String clientId,
    String clientSecret,
    Map<String, String> parameters,
    String resource,
    String token) {

  @SuppressWarnings("unchecked")
  static Step of(Map<String, Object> json) {
    return new Step(
        (String) json.get("do"),
        (String) json.get("method"),
        (String) json.get("client_id"),
        (String) json.get("client_secret"),
        (Map<String, String>) json.get("parameters"),
        (String) json.get("resource"),
        (String) json.get("token"));
  }
}
