package dev.weir.inference;

import dev.weir.model.Ending;
import dev.weir.model.ModelCall;
import dev.weir.model.ModelClient;
import dev.weir.route.Deadline;
import dev.weir.route.Target;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks each target where it is served. The client of SageMaker is made when first needed. */
final class RoutedModels implements ModelClient {

  private final ModelClient bedrock;
  private final Supplier<ModelClient> sageMaker;
  private volatile Optional<ModelClient> made = Optional.empty();

  RoutedModels(ModelClient bedrock, Supplier<ModelClient> sageMaker) {
    this.bedrock = bedrock;
    this.sageMaker = sageMaker;
  }

  @Override
  public Ending ask(ModelCall call, Deadline deadline, Sink sink) {
    ModelClient client =
        switch (Target.Kind.of(call.modelId())) {
          case ON_DEMAND, INFERENCE_PROFILE, PROVISIONED -> bedrock;
          case SAGEMAKER -> sageMaker();
        };
    return client.ask(call, deadline, sink);
  }

  private ModelClient sageMaker() {
    Optional<ModelClient> known = made;
    return known.orElseGet(this::make);
  }

  private synchronized ModelClient make() {
    ModelClient client = made.orElseGet(sageMaker);
    made = Optional.of(client);
    return client;
  }
}
