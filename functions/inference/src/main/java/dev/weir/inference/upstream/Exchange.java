package dev.weir.inference.upstream;

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
 * One HTTP exchange: exactly one attempt, read on its own virtual thread and told as signals, the
 * last of which is {@link Signal.Over}. Interrupting that thread closes the socket, whatever the
 * exchange is blocked in; {@code HttpURLConnection.disconnect} from outside would wait for the read
 * it is meant to end.
 */
final class Exchange<E> implements Runnable {
  private static final int LONGEST_ERROR = 64 * 1024;

  private final SdkHttpClient http;
  private final Signing signing;
  private final Outgoing<E> outgoing;
  private final BlockingQueue<Signal<E>> signals;

  Exchange(
      SdkHttpClient http, Signing signing, Outgoing<E> outgoing, BlockingQueue<Signal<E>> signals) {
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
      return outgoing.reading().read(response.httpResponse(), body, signals);
    } catch (IOException e) {
      return failed(Kind.CUT, e.getClass().getSimpleName());
    }
  }

  private Fault fault(SdkHttpResponse response, InputStream body) throws IOException {
    return outgoing
        .reading()
        .fault(
            response.statusCode(),
            response.firstMatchingHeader("x-amzn-errortype"),
            response.firstMatchingHeader("retry-after").flatMap(HttpFault::wait),
            body.readNBytes(LONGEST_ERROR));
  }

  private void over(Ending ending) {
    try {
      signals.put(new Signal.Over<>(ending));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody listens any more
    }
  }

  private static Ending failed(Kind kind, String detail) {
    return new Ending.Failed(Fault.of(kind, detail));
  }
}
