package dev.weir.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A person with curl, on the real template: a link is mailed, looked at and answered. */
class ApprovalIT extends OnStack {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern LINK = Pattern.compile("(?m)^/remediation/approvals/\\S+$");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  ApprovalIT() throws IOException {
    super(Stack.start("approval", Map.of()));
  }

  @AfterAll
  void endOfHttp() {
    http.shutdownNow();
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString(UTF_8));
  }

  private JsonNode local(String path, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(stack.cloud().url().resolve("/_local/" + path));
    HttpResponse<String> reply =
        send(body.isEmpty() ? request : request.POST(BodyPublishers.ofString(body)));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return JSON.readTree(reply.body());
  }

  private URI link(String endpoint) throws IOException, InterruptedException {
    for (int i = 0; i < 8; i++) {
      local("sagemaker/clock", "{\"seconds\":60}");
      for (JsonNode message : local("remediation/", "").path("messages")) {
        Matcher link = LINK.matcher(message.path("text").asText());
        if (message.path("subject").asText().endsWith(" " + endpoint) && link.find()) {
          return stack.cloud().url().resolve(link.group());
        }
      }
    }
    throw new AssertionError(local("remediation/", "").toPrettyString());
  }

  /** The reconciler looks for endpoints that have failed every five minutes. */
  private URI asked(String endpoint) throws IOException, InterruptedException {
    local("remediation/modes/GLOBAL", "{\"mode\":\"auto\"}");
    local("remediation/modes/restart-endpoint", "{\"mode\":\"approve\"}");
    local(
        "sagemaker/resources/endpoint/" + endpoint,
        "{\"EndpointStatus\":\"Failed\",\"EndpointConfigName\":\"weir-small-chat-config\"}");
    return link(endpoint);
  }

  private HttpResponse<String> answer(URI link, String form)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(link)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  /** How the guard's runs for an endpoint ended, but for those that found it busy. */
  private List<String> ends(String endpoint) throws IOException, InterruptedException {
    return StreamSupport.stream(local("remediation/", "").path("executions").spliterator(), false)
        .map(each -> each.path("output"))
        .filter(output -> output.path("incident").asText().endsWith("endpoint/" + endpoint))
        .map(output -> output.path("outcome").asText() + "(" + output.path("reason").asText() + ")")
        .filter(end -> !end.startsWith("SUPPRESSED"))
        .toList();
  }

  private String status(String endpoint) throws IOException, InterruptedException {
    return local("sagemaker/", "").findParents("EndpointStatus").stream()
        .filter(each -> each.path("EndpointName").asText().equals(endpoint))
        .map(each -> each.path("EndpointStatus").asText())
        .findFirst()
        .orElse("");
  }

  @Test
  void a_failed_endpoint_is_healed_after_one_post() throws IOException, InterruptedException {
    URI link = asked("weir-small");
    HttpResponse<String> page = send(HttpRequest.newBuilder(link));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type").orElse("")).startsWith("text/html");
    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'");
    assertThat(page.body()).contains("restart-endpoint of endpoint weir-small", "<form");

    HttpResponse<String> yes = answer(link, "name=Ann&comment=&decision=approve");
    assertThat(yes.statusCode()).as(yes.body()).isEqualTo(200);
    assertThat(yes.body()).contains("approved</span> by Ann");
    assertThat(answer(link, "name=Bob&decision=deny").statusCode()).isEqualTo(409);
    local("sagemaker/clock", "{\"seconds\":3600}");

    assertThat(ends("weir-small")).containsExactly("SUCCEEDED(RECREATE)");
    assertThat(status("weir-small")).isEqualTo("InService");
    told(link);
  }

  /** The command line tells it from the table, and through the admin routes, as a page too. */
  private void told(URI link) throws IOException, InterruptedException {
    String id =
        stack
            .weir("incidents")
            .out()
            .lines()
            .filter(line -> line.startsWith("SUCCEEDED(RECREATE)"))
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .findFirst()
            .orElseThrow();
    Path page = ROOT.resolve("local/e2e/target/stack-approval/timeline.html");
    String url = stack.cloud().url().toString();

    Stack.Said lines = stack.weir("incident", id);
    assertThat(lines.status()).as(lines.out()).isZero();
    assertThat(lines.out())
        .containsSubsequence("ASKED", "APPROVED by Ann", "INTENT(RECREATE) by Ann", "SUCCEEDED");
    assertThat(stack.weir("incident", id, "--url", url).out()).isEqualTo(lines.out());
    Stack.Said written = stack.weir("incident", id, "--html", page.toString(), "--url", url);
    assertThat(written.status()).as(written.out()).isZero();
    assertThat(Files.readString(page))
        .contains("APPROVED", "DeleteEndpoint")
        .doesNotContain(link.getQuery());
  }

  @Test
  void a_denied_one_stays_as_it_is_and_a_forged_link_decides_nothing()
      throws IOException, InterruptedException {
    URI link = asked("weir-other");
    URI forged = URI.create(link.toString().replaceFirst("s=.", "s=_"));
    assertThat(answer(forged, "name=Eve&decision=approve").statusCode()).isEqualTo(403);

    assertThat(answer(link, "name=Ann&comment=no&decision=deny").statusCode()).isEqualTo(200);
    local("sagemaker/clock", "{\"seconds\":60}");

    assertThat(ends("weir-other")).containsExactly("ESCALATED(DENIED)");
  }
}
