package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.api.ChatCompletion;
import dev.weir.api.CompletionHead;
import dev.weir.http.Endpoint;
import dev.weir.inference.upstream.FakeUpstream;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelCall;
import dev.weir.model.ModelClient;
import dev.weir.model.ModelEvent;
import dev.weir.route.Deadline;
import dev.weir.stream.CompletionFold;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** What came of asking through the adapter. */
record Asked(List<ModelEvent> events, Ending ending) {
  static final Duration AMPLE = Duration.ofSeconds(20);
  static final String SECRET = "secret";

  Fault.Kind kind() {
    return ((Ending.Failed) ending).fault().kind();
  }

  ChatCompletion completion() {
    CompletionFold fold = new CompletionFold(new CompletionHead("id", 1, "m"));
    events.forEach(fold::accept);
    return fold.completion();
  }

  /** Asks a server that answers with this fixture. */
  static Asked of(Fixture fixture, boolean stream) throws IOException {
    return of(
        wire -> {
          wire.status(200);
          wire.chunk(stream ? fixture.stream() : fixture.reply().getBytes(StandardCharsets.UTF_8));
          wire.end();
        },
        Calls.formatted(fixture.format(), stream),
        deadline(AMPLE, AMPLE, AMPLE));
  }

  /** Streams these bytes and no more; the HTTP response itself may end properly or not. */
  static Asked cut(Fixture fixture, byte[] bytes, boolean properly) throws IOException {
    return of(
        wire -> {
          wire.status(200);
          wire.chunk(bytes);
          if (!properly) {
            wire.drop();
          }
          wire.end();
        },
        Calls.formatted(fixture.format(), true),
        deadline(AMPLE, AMPLE, AMPLE));
  }

  /** Asks a server that follows this script, and checks that it was asked once. */
  static Asked of(FakeUpstream.Script script, ModelCall call, Deadline deadline)
      throws IOException {
    try (FakeUpstream bedrock = new FakeUpstream(script)) {
      Asked asked = of(bedrock.uri(), call, deadline, event -> {});
      assertThat(bedrock.seen()).as("attempts").hasSize(1);
      return asked;
    }
  }

  static Asked of(URI uri, ModelCall call, Deadline deadline, ModelClient.Sink sink) {
    try (BedrockClient client = client(uri)) {
      return of(client, call, deadline, sink);
    }
  }

  static Asked of(URI uri, ModelCall call) {
    return of(uri, call, deadline(AMPLE, AMPLE, AMPLE), event -> {});
  }

  static Asked of(BedrockClient client, ModelCall call) {
    return of(client, call, deadline(AMPLE, AMPLE, AMPLE), event -> {});
  }

  private static Asked of(
      BedrockClient client, ModelCall call, Deadline deadline, ModelClient.Sink sink) {
    List<ModelEvent> events = new ArrayList<>();
    Ending ending =
        client.ask(
            call,
            deadline,
            event -> {
              events.add(event);
              sink.accept(event);
            });
    return new Asked(events, ending);
  }

  static BedrockClient client(URI uri) {
    return new BedrockClient(new Endpoint(uri, "eu-west-1"), credentials());
  }

  static StaticCredentialsProvider credentials() {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", SECRET));
  }

  static Deadline deadline(Duration firstContent, Duration idle, Duration total) {
    Clock clock = Clock.systemUTC();
    return new Deadline(clock.millis() + total.toMillis(), firstContent, idle, clock);
  }

  static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
