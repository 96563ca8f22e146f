package dev.weir.inference.bedrock;

import dev.weir.http.NotConnectedException;
import dev.weir.http.Signing;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.Fault.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * One HTTP exchange with Bedrock: exactly one attempt, read on its own virtual thread and told as
 * signals, the last of which is {@link Signal.Over}. Interrupting that thread closes the socket,
 * whatever the exchange is blocked in; {@code HttpURLConnection.disconnect} from outside would wait
 * for the read it is meant to end.
 */
final class Exchange implements Runnable {
  private static final int LONGEST_REPLY = 32 * 1024 * 1024;
  private static final int LONGEST_ERROR = 64 * 1024;

  private final SdkHttpClient http;
  private final Signing signing;
  private final Outgoing outgoing;
  private final BlockingQueue<Signal> signals;

  Exchange(SdkHttpClient http, Signing signing, Outgoing outgoing, BlockingQueue<Signal> signals) {
    this.http = http;
    this.signing = signing;
    this.outgoing = outgoing;
    this.signals = signals;
  }

  @Override
  public void run() {
    Ending ending = failed(Kind.INTERNAL, "Error");
    try {
      ending = exchange();
    } catch (RuntimeException e) {
      ending = failed(Kind.INTERNAL, e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      over(ending);
    }
  }

  private Ending exchange() throws InterruptedException {
    ExecutableHttpRequest request =
        http.prepareRequest(signing.sign(outgoing.request(), outgoing.body()));
    HttpExecuteResponse response;
    try {
      response = request.call();
    } catch (NotConnectedException e) {
      return failed(Kind.CONNECTION, "NotConnected");
    } catch (IOException e) {
      return failed(Kind.RESET, e.getClass().getSimpleName());
    }
    try (InputStream body =
        response.responseBody().orElseGet(() -> AbortableInputStream.createEmpty())) {
      if (!response.httpResponse().isSuccessful()) {
        return new Ending.Failed(fault(response.httpResponse(), body));
      }
      return outgoing.stream() ? new FrameReader(signals).read(body) : reply(body);
    } catch (IOException e) {
      return failed(Kind.CUT, e.getClass().getSimpleName());
    }
  }

  private Ending reply(InputStream body) throws IOException, InterruptedException {
    signals.put(new Signal.Next(ConverseEvents.ofReply(body.readNBytes(LONGEST_REPLY))));
    return failed(Kind.CUT, "NoStop");
  }

  private static Fault fault(SdkHttpResponse response, InputStream body) throws IOException {
    String name =
        response
            .firstMatchingHeader("x-amzn-errortype")
            .orElse(ConverseEvents.errorType(body.readNBytes(LONGEST_ERROR)));
    return BedrockFault.ofStatus(
        response.statusCode(), name, response.firstMatchingHeader("retry-after"));
  }

  private void over(Ending ending) {
    try {
      signals.put(new Signal.Over(ending));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody listens any more
    }
  }

  private static Ending failed(Kind kind, String detail) {
    return new Ending.Failed(Fault.of(kind, detail));
  }
}
