package dev.weir.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.local.http.Exchange;
import dev.weir.local.http.Headers;
import dev.weir.local.http.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A stand-in of S3 that knows PutObject, GetObject and ListObjectsV2, all in one page: each object
 * is a file of one folder, and its type one beside it where whoever wrote it said so.
 */
final class FileBucket implements Closeable {
  private static final String PREFIX = "prefix=";

  private final Path folder;
  private final HttpServer server;

  FileBucket(Path folder) throws IOException {
    this.folder = folder.toAbsolutePath().normalize();
    server = new HttpServer(0, this::handle);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  private void handle(Exchange exchange) throws IOException {
    byte[] content = exchange.body().readAllBytes();
    Path file = folder.resolve(exchange.path().substring(1)).normalize();
    if (!file.startsWith(folder)) {
      exchange.respond(400, new Headers(), new byte[0]);
      return;
    }
    switch (exchange.method()) {
      case "PUT" -> {
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        exchange.respond(200, new Headers(), new byte[0]);
      }
      case "GET" -> {
        if (exchange.query().contains("list-type=2")) {
          list(exchange, file);
        } else {
          get(exchange, file);
        }
      }
      default -> exchange.respond(405, new Headers(), new byte[0]);
    }
  }

  private static void list(Exchange exchange, Path bucket) throws IOException {
    String prefix =
        Arrays.stream(exchange.query().split("&"))
            .filter(each -> each.startsWith(PREFIX))
            .map(each -> URLDecoder.decode(each.substring(PREFIX.length()), UTF_8))
            .findFirst()
            .orElse("");
    StringBuilder xml = new StringBuilder("<ListBucketResult>");
    if (Files.isDirectory(bucket)) {
      try (var files = Files.walk(bucket)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          String key = bucket.relativize(file).toString();
          if (key.startsWith(prefix) && !key.endsWith(".type")) {
            xml.append(
                "<Contents><Key>%s</Key><ETag>%d</ETag><Size>%d</Size></Contents>"
                    .formatted(
                        key.replace("&", "&amp;").replace("<", "&lt;"),
                        Files.getLastModifiedTime(file).toMillis(),
                        Files.size(file)));
          }
        }
      }
    }
    xml.append("</ListBucketResult>");
    exchange.respond(
        200, Headers.of("Content-Type", "application/xml"), xml.toString().getBytes(UTF_8));
  }

  private static void get(Exchange exchange, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      exchange.respond(404, new Headers(), new byte[0]);
      return;
    }
    Path type = Path.of(file + ".type");
    String known = Files.isRegularFile(type) ? Files.readString(type) : "application/octet-stream";
    exchange.respond(200, Headers.of("Content-Type", known), Files.readAllBytes(file));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
