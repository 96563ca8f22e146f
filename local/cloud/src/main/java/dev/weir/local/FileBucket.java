package dev.weir.local;

import dev.weir.local.http.Exchange;
import dev.weir.local.http.Headers;
import dev.weir.local.http.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** A stand-in of S3 that knows PutObject: each object is a file of one folder. */
final class FileBucket implements Closeable {
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
    boolean isPut = exchange.method().equals("PUT") && file.startsWith(folder);
    if (isPut) {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    }
    exchange.respond(isPut ? 200 : 405, new Headers(), new byte[0]);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
