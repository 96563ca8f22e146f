package dev.weir.remedy.rule;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.http.ServiceCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The machine before every action, in the hands of people (AWS Step Functions). */
public final class Guard {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MACHINES = ":stateMachine:";
  private static final int PAGE = 1000;

  private final ServiceCall service;
  private final String arn;

  /**
   * @param service of Step Functions, {@code states}
   * @param arn of the guard, {@code …:stateMachine:STACK-guard}
   */
  public Guard(ServiceCall service, String arn) {
    this.service = service;
    this.arn = arn;
  }

  /**
   * The actions there are.
   *
   * @throws UncheckedIOException they cannot be listed
   */
  public SortedSet<String> actions() {
    String machine = arn.substring(arn.indexOf(MACHINES) + MACHINES.length());
    String beginning = machine.replaceFirst("guard$", "act-");
    SortedSet<String> actions = new TreeSet<>();
    ObjectNode request = JSON.createObjectNode().put("maxResults", PAGE);
    JsonNode page;
    do {
      page = call("ListStateMachines", request);
      page.path("stateMachines")
          .valueStream()
          .map(each -> each.path("name").asText())
          .filter(name -> name.startsWith(beginning))
          .map(name -> name.substring(beginning.length()))
          .forEach(actions::add);
      request.put("nextToken", page.path("nextToken").asText());
    } while (page.hasNonNull("nextToken"));
    return actions;
  }

  /**
   * Has an action looked into as an alarm would; the incident's id. Its time is that of Step
   * Functions, which the machines go by.
   *
   * @param who wants it; who may then not approve it
   * @throws UncheckedIOException it may have been started or not
   */
  public String start(String action, String kind, String name, String who) {
    ObjectNode input =
        JSON.createObjectNode().put("action", action).put("kind", kind).put("dimension", "target");
    ObjectNode event =
        input
            .putObject("event")
            .put("source", "weir.operator")
            .put("detail-type", "Remediation Requested");
    event.putObject("detail").put("target", name).put("requestedBy", who);
    JsonNode started =
        call(
            "StartExecution",
            JSON.createObjectNode().put("stateMachineArn", arn).put("input", input.toString()));
    Instant begun = Instant.ofEpochSecond(started.path("startDate").asLong());
    return "%s-%s-%s/%s".formatted(begun, action, kind, name);
  }

  private JsonNode call(String operation, ObjectNode request) {
    try {
      return JSON.readTree(
          service.post(
              "application/x-amz-json-1.0",
              Map.of("X-Amz-Target", "AWSStepFunctions." + operation),
              request.toString().getBytes(UTF_8)));
    } catch (UncheckedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
