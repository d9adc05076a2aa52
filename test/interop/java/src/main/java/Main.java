import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Has the library do the steps that standard input lists, and prints what came of each: JSON in, JSON out. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    var input = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    var given = JSONObjectUtils.parse(input);
    var issuer = (String) given.get("issuer");
    var steps = JSONObjectUtils.getJSONObject(given, "steps");
    var outcomes = new LinkedHashMap<String, Object>();
    for (var name : steps.keySet()) {
      outcomes.put(name, outcome(issuer, Step.of(JSONObjectUtils.getJSONObject(steps, name))));
    }
    System.out.println(JSONObjectUtils.toJSONString(outcomes));
  }

  private static Map<String, Object> outcome(String issuer, Step step) {
    try {
      return switch (step.what()) {
        case "get" -> TokenClient.get(issuer, step);
        case "verify" -> ResourceServer.verify(issuer, step);
        case "introspect" -> ResourceServer.introspect(issuer, step);
        default -> throw new IllegalArgumentException("no library does this: " + step.what());
      };
    } catch (RuntimeException exception) {
      return Map.of("error", exception.getClass().getSimpleName() + ": " + exception.getMessage());
    }
  }
}
