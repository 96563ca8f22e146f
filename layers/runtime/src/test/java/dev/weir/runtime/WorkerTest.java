package dev.weir.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WorkerTest {
  private static final Map<String, String> TEXT = Map.of("content-type", "text/plain");
  private static final String NULS = "\0".repeat(8);

  private final FakeRuntimeApi api;

  WorkerTest() throws IOException {
    api = new FakeRuntimeApi();
  }

  @AfterEach
  void stop() throws IOException {
    api.close();
  }

  private interface Streaming {
    void answer(ResponseStream response) throws Exception;
  }

  private static RequestStreamHandler streaming(Streaming handler) {
    return (_, output, _) -> {
      try {
        handler.answer((ResponseStream) output);
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    };
  }

  private Worker worker(RequestStreamHandler handler) throws IOException {
    return new Worker(
        new RuntimeApi(api.endpoint()),
        handler,
        Map.of("AWS_LAMBDA_FUNCTION_NAME", "chat", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
        InstantSource.fixed(Instant.ofEpochSecond(1000)));
  }

  private FakeRuntimeApi.Posted answerOf(RequestStreamHandler handler) throws Exception {
    api.offer("r1", "{}");
    worker(handler).serve(_ -> {});
    return api.posted();
  }

  @Test
  void a_started_response_carries_its_prelude_before_the_payload() throws Exception {
    var posted =
        answerOf(
            streaming(response -> {
              response.start(201, TEXT);
              response.write("hello".getBytes(UTF_8));
            }));

    assertThat(posted.path()).isEqualTo("/2018-06-01/runtime/invocation/r1/response");
    assertThat(posted.headers())
        .containsEntry("lambda-runtime-function-response-mode", "streaming")
        .containsEntry("content-type", "application/vnd.awslambda.http-integration-response");
    assertThat(posted.body())
        .isEqualTo(
            "{\"statusCode\":201,\"headers\":{\"content-type\":\"text/plain\"}}" + NULS + "hello");
    assertThat(posted.trailers()).isEmpty();
  }

  @Test
  void every_flush_leaves_before_the_handler_goes_on() throws Exception {
    var arrived = new ArrayList<String>();
    var posted =
        answerOf(
            streaming(response -> {
              response.start(200, TEXT);
              for (var part : List.of("one", "two", "three")) {
                response.write(part.getBytes(UTF_8));
                response.flush();
                arrived.add(api.chunk());
              }
            }));

    assertThat(arrived.get(0)).endsWith(NULS + "one");
    assertThat(arrived.subList(1, 3)).containsExactly("two", "three");
    assertThat(posted.chunks()).hasSize(3);
  }

  @Test
  void a_payload_larger_than_a_chunk_arrives_whole() throws Exception {
    var text = "0123456789".repeat(10_000);
    var posted =
        answerOf(
            streaming(response -> {
              response.start(200, Map.of());
              response.write(text.getBytes(UTF_8));
            }));

    assertThat(posted.body()).endsWith(NULS + text);
    assertThat(posted.chunks()).hasSizeGreaterThan(5);
  }

  @Test
  void bytes_written_without_a_start_are_posted_whole() throws Exception {
    var posted =
        answerOf((event, output, _) -> {
          output.write("policy for ".getBytes(UTF_8));
          output.write(event.readAllBytes());
        });

    assertThat(posted.body()).isEqualTo("policy for {}");
    assertThat(posted.chunks()).isEmpty();
    assertThat(posted.headers()).doesNotContainKey("lambda-runtime-function-response-mode");
  }

  @Test
  void a_failure_after_the_start_ends_in_error_trailers() throws Exception {
    var posted =
        answerOf(
            streaming(response -> {
              response.start(200, TEXT);
              response.write("half".getBytes(UTF_8));
              throw new IllegalStateException("lost \"it\"\n");
            }));

    assertThat(posted.body()).endsWith(NULS + "half");
    assertThat(posted.trailers())
        .containsEntry("lambda-runtime-function-error-type", "java.lang.IllegalStateException");
    var body = posted.trailers().getOrDefault("lambda-runtime-function-error-body", "");
    assertThat(new String(Base64.getDecoder().decode(body), UTF_8))
        .startsWith("{\"errorMessage\":\"lost \\\"it\\\"\\n\",");
  }

  @Test
  void a_failure_before_the_first_byte_becomes_a_500_in_the_shape_of_openai() throws Exception {
    var posted =
        answerOf(
            streaming(_ -> {
              throw new IllegalStateException("secret detail");
            }));

    assertThat(posted.body())
        .startsWith("{\"statusCode\":500,")
        .contains(NULS + "{\"error\":{\"message\":\"The server failed. Quote request r1.\"")
        .contains("\"type\":\"server_error\"")
        .doesNotContain("secret detail");
    assertThat(posted.trailers()).isEmpty();
  }

  @Test
  void a_failure_after_buffered_bytes_is_the_error_of_the_invocation() throws Exception {
    var posted =
        answerOf((_, output, _) -> {
          output.write(1);
          throw new IllegalArgumentException("bad");
        });

    assertThat(posted.path()).isEqualTo("/2018-06-01/runtime/invocation/r1/error");
    assertThat(posted.headers())
        .containsEntry("lambda-runtime-function-error-type", "java.lang.IllegalArgumentException");
    assertThat(posted.body()).contains("\"errorMessage\":\"bad\"");
  }

  @Test
  void close_ends_the_reply_while_the_handler_goes_on() throws Exception {
    var seen = new AtomicReference<FakeRuntimeApi.Posted>();
    var nextAsked = new AtomicReference<Integer>();
    api.offer("r1", "{}");
    worker(
            streaming(response -> {
              response.start(200, TEXT);
              response.write("all".getBytes(UTF_8));
              response.close();
              seen.set(api.posted());
              nextAsked.set(api.waiting.get());
            }))
        .serve(_ -> {});

    assertThat(seen.get().body()).endsWith(NULS + "all");
    assertThat(nextAsked).hasValue(0);
  }

  @Test
  void a_failure_after_the_close_changes_nothing() throws Exception {
    var worker =
        worker(
            streaming(response -> {
              response.start(200, TEXT);
              response.close();
              throw new IllegalStateException("settling failed");
            }));
    api.offer("r1", "{}");
    api.offer("r2", "{}");
    worker.serve(_ -> {});
    worker.serve(_ -> {});

    assertThat(api.posted().trailers()).isEmpty();
    assertThat(api.posted().path()).contains("/r2/");
  }

  @Test
  void a_client_that_went_away_is_an_io_exception_and_the_next_event_is_served() throws Exception {
    var told = new AtomicReference<Exception>();
    var worker =
        worker(
            streaming(response -> {
              response.start(200, TEXT);
              try {
                for (int i = 0; i < 2000 && told.get() == null; i++) {
                  response.write(new byte[64]);
                  response.flush();
                  Thread.sleep(1);
                }
              } catch (IOException e) {
                told.set(e);
                throw e;
              }
            }));
    api.offerAndCut("r1");
    worker.serve(_ -> {});
    assertThat(told.get()).isInstanceOf(IOException.class);

    told.set(new IOException("stop at once"));
    api.offer("r2", "{}");
    worker.serve(_ -> {});
    assertThat(api.posted().path()).contains("/r2/");
  }

  @Test
  void a_connection_lost_while_waiting_is_opened_again() throws Exception {
    api.loseConnection();
    api.loseConnection();
    var posted = answerOf((_, output, _) -> output.write('x'));

    assertThat(posted.body()).isEqualTo("x");
    assertThat(api.paths()).filteredOn(path -> path.endsWith("/next")).hasSize(3);
  }

  @Test
  void a_runtime_api_that_stays_away_ends_the_worker() throws Exception {
    int port;
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    var worker =
        new Worker(
            new RuntimeApi("127.0.0.1:" + port), (_, _, _) -> {}, Map.of(), InstantSource.system());

    assertThatThrownBy(() -> worker.serve(_ -> {})).isInstanceOf(IOException.class);
  }

  @Test
  void a_response_starts_only_once_and_before_its_first_byte() throws Exception {
    var refused = new ArrayList<Throwable>();
    answerOf((_, output, _) -> {
      output.write(1);
      refused.add(refusalOf((ResponseStream) output));
    });
    answerOf(
        streaming(response -> {
          response.start(200, TEXT);
          refused.add(refusalOf(response));
        }));

    assertThat(refused).hasSize(2).allMatch(IllegalStateException.class::isInstance);
  }

  private static Throwable refusalOf(ResponseStream response) {
    try {
      response.start(200, TEXT);
      return new AssertionError("accepted");
    } catch (IllegalStateException | IOException e) {
      return e;
    }
  }

  @Test
  void the_context_tells_the_invocation_and_the_function() throws Exception {
    var seen = new CompletableFuture<Context>();
    var trace = new CompletableFuture<String>();
    api.offer("r1", "{}");
    worker((_, _, context) -> seen.complete(context)).serve(trace::complete);

    var context = seen.get(1, TimeUnit.SECONDS);
    assertThat(context.getAwsRequestId()).isEqualTo("r1");
    assertThat(context.getRemainingTimeInMillis()).isEqualTo(60_000);
    assertThat(context.getInvokedFunctionArn()).endsWith(":function:f");
    assertThat(context.getFunctionName()).isEqualTo("chat");
    assertThat(context.getMemoryLimitInMB()).isEqualTo(512);
    assertThat(context.getXrayTraceId()).isEqualTo("Root=1-2-3");
    assertThat(trace).isCompletedWithValue("Root=1-2-3");
  }

  @Test
  void two_threads_may_write_one_response() throws Exception {
    var posted =
        answerOf(
            streaming(response -> {
              response.start(200, TEXT);
              var done = new CountDownLatch(2);
              for (var word : List.of("a".repeat(3000), "b".repeat(3000))) {
                Thread.startVirtualThread(() -> {
                  try {
                    for (int i = 0; i < 300; i++) {
                      response.write(word.getBytes(UTF_8));
                      response.flush();
                    }
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  } finally {
                    done.countDown();
                  }
                });
              }
              done.await();
            }));

    var payload = posted.body().substring(posted.body().indexOf(NULS) + 8);
    assertThat(payload).hasSize(2 * 300 * 3000).matches("(?:a{3000}|b{3000})*+");
  }
}
