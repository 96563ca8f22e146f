package dev.weir.local.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.weir.runtime.ResponseStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Does what its request's body says: a word, then perhaps a file that stands for a signal. */
public final class StreamHandler implements RequestStreamHandler {

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    var event = new String(input.readAllBytes(), UTF_8);
    var order = event.replaceFirst("(?s).*\"body\":\"([^\"]*)\".*", "$1").split(" ");
    var response = (ResponseStream) output;
    switch (order[0]) {
      case "event" -> say(start(response), event);
      case "gate" -> {
        say(start(response), "first");
        await(Path.of(order[1]));
        say(response, "last");
      }
      case "silent" -> {
        Files.writeString(Path.of(order[1] + "-begun"), "");
        await(Path.of(order[1]));
        say(start(response), "done");
      }
      case "until-gone" -> untilGone(start(response), Path.of(order[1]));
      case "fail" -> throw new IllegalStateException("as ordered");
      case "fail-late" -> {
        say(start(response), "half");
        throw new IllegalStateException("as ordered");
      }
      default -> throw new IllegalArgumentException(order[0]);
    }
  }

  private static ResponseStream start(ResponseStream response) throws IOException {
    response.start(
        200, Map.of("content-type", "text/plain", "x-pid", "" + ProcessHandle.current().pid()));
    return response;
  }

  private static void say(ResponseStream response, String text) throws IOException {
    response.write(text.getBytes(UTF_8));
    response.flush();
  }

  private static void untilGone(ResponseStream response, Path gone) throws IOException {
    try {
      while (true) {
        say(response, "tick");
        pause();
      }
    } catch (IOException e) {
      Files.createFile(gone);
      throw e;
    }
  }

  private static void await(Path file) throws IOException {
    while (!Files.exists(file)) {
      pause();
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
