package dev.weir.local;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** The test template, running, and a client of it. */
final class Stack implements Closeable {
  static final Path PROJECT = Path.of("../..");

  final LocalCloud cloud;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Stack(Options options) throws IOException {
    cloud = LocalCloud.start(options, _ -> {});
  }

  static Options options() {
    return Options.of(PROJECT)
        .withTemplate(Path.of("target/test-classes/stack.yaml"))
        .withWork(Path.of("target/stack"))
        .withBedrock(false);
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(cloud.url() + path));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(to(path));
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(to(path).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  /** Sends without waiting. */
  CompletableFuture<HttpResponse<String>> later(String path, String body) {
    var request = to(path).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    return http.sendAsync(request, BodyHandlers.ofString());
  }

  HttpClient http() {
    return http;
  }

  int inFlight(String function) {
    return cloud.lambda().environments().stream()
        .filter(it -> it.function().equals(function))
        .mapToInt(it -> it.inFlight())
        .sum();
  }

  long environments(String function) {
    return cloud.lambda().environments().stream()
        .filter(it -> it.function().equals(function))
        .count();
  }

  @Override
  public void close() throws IOException {
    http.shutdownNow();
    cloud.close();
  }
}
