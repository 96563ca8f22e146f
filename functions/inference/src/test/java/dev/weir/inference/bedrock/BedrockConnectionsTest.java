package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.inference.upstream.FakeUpstream;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelClient;
import dev.weir.model.ModelEvent;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts, kept-alive connections and departures. */
@Timeout(60)
class BedrockConnectionsTest {
  @Test
  void a_client_that_leaves_closes_the_upstream_connection() throws Exception {
    try (FakeUpstream bedrock =
        new FakeUpstream(wire -> {
          wire.status(200);
          wire.chunk(Fixture.joined(Fixture.TEXT.frames().subList(0, 2)));
          wire.stall();
        })) {
      Asked outcome =
          Asked.of(
              bedrock.uri(),
              Calls.hello(true),
              Asked.deadline(Asked.AMPLE, Asked.AMPLE, Asked.AMPLE),
              event -> {
                if (event instanceof ModelEvent.TextDelta) {
                  throw new ModelClient.SinkClosed(new IOException("broken pipe"));
                }
              });

      assertThat(outcome.kind()).isEqualTo(Fault.Kind.CANCELLED);
      assertThat(bedrock.sawClientLeave()).isTrue();
    }
  }

  @Test
  void an_interrupted_caller_closes_the_upstream_connection_and_stays_interrupted()
      throws Exception {
    try (FakeUpstream bedrock = new FakeUpstream(FakeUpstream.Wire::stall)) {
      List<Object> seen = new ArrayList<>();
      Thread caller =
          Thread.ofPlatform()
              .start(() -> {
                seen.add(
                    Asked.of(
                            bedrock.uri(),
                            Calls.hello(true),
                            Asked.deadline(Asked.AMPLE, Asked.AMPLE, Asked.AMPLE),
                            event -> {})
                        .kind());
                seen.add(Thread.currentThread().isInterrupted());
              });
      while (bedrock.seen().isEmpty()) {
        Asked.sleep(20);
      }
      caller.interrupt();
      caller.join();

      assertThat(seen).containsExactly(Fault.Kind.CANCELLED, true);
      assertThat(bedrock.sawClientLeave()).isTrue();
    }
  }

  @Test
  void a_kept_alive_connection_that_breaks_is_never_tried_again() throws Exception {
    try (FakeUpstream bedrock =
            new FakeUpstream(wire -> {
              if (wire.count() > 1) {
                wire.drop();
              }
              wire.json(200, Fixture.TEXT.reply());
            });
        BedrockClient client = Asked.client(bedrock.uri())) {
      assertThat(Asked.of(client, Calls.hello(false)).ending()).isInstanceOf(Ending.Complete.class);
      Asked.sleep(100);
      assertThat(Asked.of(client, Calls.hello(false)).kind()).isEqualTo(Fault.Kind.RESET);

      assertThat(bedrock.seen()).hasSize(2);
      assertThat(bedrock.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connections_are_kept_alive(boolean stream) throws Exception {
    try (FakeUpstream bedrock =
            new FakeUpstream(wire -> {
              wire.status(200);
              wire.chunk(
                  stream
                      ? Fixture.TEXT.stream()
                      : Fixture.TEXT.reply().getBytes(StandardCharsets.UTF_8));
              wire.end();
            });
        BedrockClient client = Asked.client(bedrock.uri())) {
      for (int i = 0; i < 3; i++) {
        assertThat(Asked.of(client, Calls.hello(stream)).ending())
            .isInstanceOf(Ending.Complete.class);
        Asked.sleep(100);
      }

      assertThat(bedrock.connections()).isEqualTo(1);
    }
  }

  @Test
  void a_throttled_call_is_one_attempt() throws Exception {
    try (FakeUpstream bedrock =
        new FakeUpstream(wire -> wire.json(429, "{}", "x-amzn-errortype: ThrottlingException"))) {
      Asked.of(
          bedrock.uri(),
          Calls.hello(true),
          Asked.deadline(Asked.AMPLE, Asked.AMPLE, Asked.AMPLE),
          event -> {});

      assertThat(bedrock.seen()).hasSize(1);
    }
  }

  @Test
  void nobody_listening_is_a_connection_fault() throws Exception {
    URI nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    assertThat(
            Asked.of(
                    nobody,
                    Calls.hello(true),
                    Asked.deadline(Asked.AMPLE, Asked.AMPLE, Asked.AMPLE),
                    event -> {})
                .kind())
        .isEqualTo(Fault.Kind.CONNECTION);
  }

  @Test
  void priming_leaves_the_client_usable_and_asks_nobody() throws Exception {
    try (FakeUpstream bedrock = new FakeUpstream(wire -> wire.json(200, Fixture.TEXT.reply()));
        BedrockClient client = Asked.client(bedrock.uri())) {
      client.prime();

      assertThat(bedrock.connections()).isZero();
      assertThat(Asked.of(client, Calls.hello(false)).ending()).isInstanceOf(Ending.Complete.class);
    }
  }
}
