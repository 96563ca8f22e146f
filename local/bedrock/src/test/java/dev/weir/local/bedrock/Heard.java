package dev.weir.local.bedrock;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDeltaEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockStartEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamMetadataEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.MessageStopEvent;

/** What the SDK's asynchronous client heard of one ConverseStream call. */
final class Heard implements AutoCloseable {
  final List<ConverseStreamOutput> events = Collections.synchronizedList(new ArrayList<>());
  final CompletableFuture<Void> end;

  Heard(BedrockRuntimeAsyncClient client, Consumer<ConverseStreamRequest.Builder> request) {
    ConverseStreamResponseHandler handler =
        ConverseStreamResponseHandler.builder().subscriber(events::add).build();
    end = client.converseStream(request, handler);
  }

  /** Leaves, if the answer has not ended. */
  @Override
  public void close() {
    end.cancel(true);
  }

  /** Waits for the end; gives the failure the SDK reported. */
  Optional<Throwable> failure() throws Exception {
    try {
      end.get(2, TimeUnit.MINUTES);
      return Optional.empty();
    } catch (ExecutionException failed) {
      return Optional.ofNullable(failed.getCause());
    }
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (ConverseStreamOutput event : List.copyOf(events)) {
      if (event instanceof ContentBlockDeltaEvent delta && delta.delta().text() != null) {
        text.append(delta.delta().text());
      }
    }
    return text.toString();
  }

  /** The arguments of the tool call in a block, as streamed. */
  String toolInput(int block) {
    StringBuilder json = new StringBuilder();
    for (ConverseStreamOutput event : List.copyOf(events)) {
      if (event instanceof ContentBlockDeltaEvent delta
          && delta.contentBlockIndex() == block
          && delta.delta().toolUse() != null) {
        json.append(delta.delta().toolUse().input());
      }
    }
    return json.toString();
  }

  List<String> toolNames() {
    return List.copyOf(events).stream()
        .filter(ContentBlockStartEvent.class::isInstance)
        .map(event -> ((ContentBlockStartEvent) event).start().toolUse().name())
        .toList();
  }

  Optional<MessageStopEvent> stop() {
    return List.copyOf(events).stream()
        .filter(MessageStopEvent.class::isInstance)
        .map(MessageStopEvent.class::cast)
        .findFirst();
  }

  Optional<ConverseStreamMetadataEvent> metadata() {
    return List.copyOf(events).stream()
        .filter(ConverseStreamMetadataEvent.class::isInstance)
        .map(ConverseStreamMetadataEvent.class::cast)
        .findFirst();
  }
}
