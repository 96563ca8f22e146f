package dev.weir.inference;

import dev.weir.model.EmbeddingCall;
import dev.weir.model.EmbeddingClient;
import dev.weir.model.Fault;
import dev.weir.route.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** An embedding model that says what it is told to, and remembers what it was asked. */
final class FakeEmbeddings implements EmbeddingClient {

  final List<EmbeddingCall> calls = new CopyOnWriteArrayList<>();
  private Function<EmbeddingCall, Reply> script = FakeEmbeddings::vectors;

  /** A vector for each text, told apart by its hash; three tokens each. */
  static Reply vectors(EmbeddingCall call) {
    return new Reply.Vectors(all(call), OptionalLong.of(3L * call.texts().size()));
  }

  static Reply uncounted(EmbeddingCall call) {
    return new Reply.Vectors(all(call), OptionalLong.empty());
  }

  static Reply failed(Fault.Kind kind) {
    return new Reply.Failed(Fault.of(kind, "SomeException"));
  }

  /** The first number of a text's vector. */
  static float first(String text) {
    return text.hashCode() % 1_000 / 1_000f;
  }

  private static List<float[]> all(EmbeddingCall call) {
    List<float[]> all = new ArrayList<>();
    for (String text : call.texts()) {
      float[] vector = new float[call.dimensions()];
      vector[0] = first(text);
      all.add(vector);
    }
    return all;
  }

  void says(Function<EmbeddingCall, Reply> next) {
    script = next;
  }

  /** Every text it was asked for. */
  List<String> texts() {
    return calls.stream().flatMap(call -> call.texts().stream()).toList();
  }

  @Override
  public Reply embed(EmbeddingCall call, Deadline deadline) {
    calls.add(call);
    return script.apply(call);
  }
}
