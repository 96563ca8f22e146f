package dev.weir.local.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.local.template.ApiSpec.Route;
import java.net.URLDecoder;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the route of a request; a literal segment goes before a parameter. */
final class Routes {
  private final List<Route> routes;

  /** A route with the values of its path parameters, percent-decoded. */
  record Match(Route route, Map<String, String> parameters) {}

  Routes(List<Route> routes) {
    this.routes =
        routes.stream()
            .sorted(
                Comparator.comparingLong(
                    route -> route.path().chars().filter(c -> c == '{').count()))
            .toList();
  }

  Optional<Match> match(String method, String path) {
    var segments = path.split("/", -1);
    return routes.stream()
        .filter(route -> route.method().equals(method) || route.method().equals("ANY"))
        .flatMap(route -> parameters(route, segments).map(it -> new Match(route, it)).stream())
        .findFirst();
  }

  private static Optional<Map<String, String>> parameters(Route route, String[] segments) {
    var pattern = route.path().split("/", -1);
    boolean greedy = pattern[pattern.length - 1].endsWith("+}");
    if (greedy ? segments.length < pattern.length : segments.length != pattern.length) {
      return Optional.empty();
    }
    var parameters = new LinkedHashMap<String, String>();
    for (int i = 0; i < pattern.length; i++) {
      if (pattern[i].endsWith("+}")) {
        var rest = String.join("/", List.of(segments).subList(i, segments.length));
        parameters.put(pattern[i].substring(1, pattern[i].length() - 2), decode(rest));
      } else if (pattern[i].startsWith("{")) {
        parameters.put(pattern[i].substring(1, pattern[i].length() - 1), decode(segments[i]));
      } else if (!pattern[i].equals(segments[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }

  /** Percent-decodes; what is no valid escape stays as it is. */
  private static String decode(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      return segment;
    }
  }
}
