package dev.weir.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request to the admin API, however it came.
 *
 * @param path decoded segments below {@code /admin/v1}
 * @param query decoded parameters
 * @param headers by lower-case name
 * @param body empty when there is none
 */
public record AdminRequest(
    String method,
    List<String> path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {

  /** What every path begins with. */
  public static final String ROOT = "/admin/v1";

  Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName));
  }

  /** The route: names stay, ids become {@code {}}. */
  String route() {
    StringBuilder route = new StringBuilder(method);
    for (int i = 0; i < path.size(); i++) {
      route.append(i == 0 ? " " : "/").append(i % 2 == 0 ? path.get(i) : "{}");
    }
    return route.toString();
  }
}
