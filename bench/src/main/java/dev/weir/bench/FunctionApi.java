package dev.weir.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.local.http.Exchange;
import dev.weir.local.http.Headers;
import dev.weir.local.http.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The Runtime API of one environment, with a stop-watch. The local cloud's own emulator says
 * nothing of when an environment is free again, nor does it hold one before its restore.
 */
final class FunctionApi implements HttpServer.Handler {
  private static final String ROOT = "/2018-06-01/runtime/";
  private static final int DELIMITER = 8;

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Map<String, Event> handedOut = new ConcurrentHashMap<>();
  private final Map<Object, Event> byConnection = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final CompletableFuture<Long> ready = new CompletableFuture<>();
  private final CountDownLatch restored = new CountDownLatch(1);

  private record Event(
      String id,
      byte[] payload,
      long begun,
      CompletableFuture<Answer> answer,
      CompletableFuture<Long> released) {}

  private record Answer(long firstByte, long lastByte, String prelude, byte[] body) {}

  /** Hands the event to the environment and waits until it is free again. */
  Call call(byte[] payload) {
    Event event =
        new Event(
            Long.toString(ids.incrementAndGet()),
            payload,
            System.nanoTime(),
            new CompletableFuture<>(),
            new CompletableFuture<>());
    handedOut.put(event.id(), event);
    events.add(event);
    Answer answer = event.answer().join();
    return new Call(
        event.begun(),
        answer.firstByte(),
        answer.lastByte(),
        event.released().join(),
        answer.prelude(),
        answer.body());
  }

  /** Completed when the environment first asks: for an event, or to be restored. */
  CompletableFuture<Long> ready() {
    return ready;
  }

  /** Lets an environment that waits for its restore go on. */
  void restore() {
    restored.countDown();
  }

  /** Everything still waited for fails. */
  void fail(String reason) {
    IllegalStateException failure = new IllegalStateException(reason);
    ready.completeExceptionally(failure);
    for (Event event : handedOut.values()) {
      event.answer().completeExceptionally(failure);
      event.released().completeExceptionally(failure);
    }
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    String path = exchange.path().substring(ROOT.length());
    try {
      switch (path) {
        case "invocation/next" -> next(exchange);
        case "restore/next" -> {
          ready.complete(System.nanoTime());
          restored.await();
          exchange.respond(200, new Headers(), new byte[0]);
        }
        default -> result(path.split("/"), exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void next(Exchange exchange) throws IOException, InterruptedException {
    ready.complete(System.nanoTime());
    Event before = byConnection.remove(exchange.connection());
    if (before != null) {
      before.released().complete(System.nanoTime());
    }
    exchange.onDisconnect(Thread.currentThread()::interrupt);
    Event event = events.take();
    byConnection.put(exchange.connection(), event);
    Headers headers =
        Headers.of(
            "Content-Type", "application/json",
            "Lambda-Runtime-Aws-Request-Id", event.id(),
            "Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 900_000),
            "Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:0:function:chat",
            "Lambda-Runtime-Trace-Id", "Root=1-69215e00-0123456789abcdef01234567;Sampled=0");
    exchange.respond(200, headers, event.payload());
  }

  private void result(String[] path, Exchange exchange) throws IOException {
    Optional<Event> event =
        Optional.ofNullable(path.length == 3 ? handedOut.remove(path[1]) : null);
    if (event.isEmpty() || !path[2].equals("response")) {
      fail(String.join("/", path) + ": " + new String(exchange.body().readAllBytes(), UTF_8));
      exchange.respond(202, new Headers(), new byte[0]);
      return;
    }
    Answer answer = read(exchange.body());
    exchange.respond(202, new Headers(), new byte[0]);
    event.get().answer().complete(answer);
  }

  /** Reads prelude, delimiter and body, and notes when the body's first byte was there. */
  private static Answer read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[16 * 1024];
    int body = -1;
    long firstByte = 0;
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      bytes.write(chunk, 0, count);
      body = body < 0 ? bodyStart(bytes.toByteArray()) : body;
      if (firstByte == 0 && body >= 0 && bytes.size() > body) {
        firstByte = System.nanoTime();
      }
    }
    long lastByte = System.nanoTime();
    byte[] all = bytes.toByteArray();
    if (body < 0) {
      throw new IOException("an answer without a prelude");
    }
    byte[] rest = Arrays.copyOfRange(all, body, all.length);
    return new Answer(firstByte, lastByte, new String(all, 0, body - DELIMITER, UTF_8), rest);
  }

  private static int bodyStart(byte[] bytes) {
    for (int i = 0, zeros = 0; i < bytes.length; i++) {
      zeros = bytes[i] == 0 ? zeros + 1 : 0;
      if (zeros == DELIMITER) {
        return i + 1;
      }
    }
    return -1;
  }
}
