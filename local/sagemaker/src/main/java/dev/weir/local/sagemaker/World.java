package dev.weir.local.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Arns;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Events;
import dev.weir.local.sagemaker.state.Handler;
import dev.weir.local.sagemaker.state.History;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Ledger;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Constraints;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.local.sagemaker.wire.ServiceModel;
import dev.weir.local.sagemaker.wire.Transcoder;
import dev.weir.local.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One account's SageMaker, Application Auto Scaling and CloudWatch. Thread-safe. */
public final class World {
  private final Context context;
  private final Parts parts;

  /**
   * What a world begins with.
   *
   * @param seed of all chance in it
   * @param pace how much longer than usual everything takes, above 0
   */
  public record Settings(long seed, String region, String account, double pace) {

    /** Usual times, in the account and region of the rest of the local cloud. */
    public Settings(long seed) {
      this(seed, "us-east-1", "123456789012", 1);
    }
  }

  /** An empty world, which ticks from now on. */
  public World(Settings settings, Scheduler time, Events events) {
    context =
        new Context(
            time,
            settings.seed(),
            new Arns(settings.region(), settings.account()),
            settings.pace(),
            events);
    parts = new Parts(context);
    tick();
  }

  private void tick() {
    Instant now = context.time().instant();
    Instant next = now.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    context
        .time()
        .after(
            Duration.between(now, next),
            () -> {
              parts.minute();
              tick();
            });
  }

  /**
   * Takes a call, as the service's endpoint would.
   *
   * @param caller who calls, for the ledger
   * @param request as AWS JSON has it; timestamps may be ISO 8601
   */
  public Reply call(String caller, Service service, String operation, ObjectNode request) {
    return context.time().call(() -> answer(caller, service, operation, request));
  }

  private Reply answer(String caller, Service service, String name, ObjectNode request) {
    String resource = Subject.of(request);
    Optional<ServiceModel.Operation> operation = service.model().operation(name);
    String outcome = Ledger.DONE;
    try {
      Optional<Fault> fault = context.faults().onCall(name, resource);
      fault.ifPresent(Fault::refuse);
      boolean lost = fault.isPresent();
      if (lost && fault.get().kind() == CallFault.LOST_REQUEST) {
        outcome = Ledger.UNHEARD;
        return new Reply.Lost();
      }
      JsonNode result = perform(service, operation.orElseThrow(() -> unknown(name)), request);
      outcome = lost ? Ledger.DONE_UNHEARD : Ledger.DONE;
      return lost ? new Reply.Lost() : new Reply.Done(result);
    } catch (ApiError error) {
      outcome = error.type();
      return new Reply.Refused(error);
    } finally {
      if (operation.isPresent() && operation.get().mutates()) {
        context
            .ledger()
            .add(
                context.time().instant(),
                caller,
                service.signingName(),
                name,
                resource,
                outcome,
                request.deepCopy());
      }
    }
  }

  private JsonNode perform(Service service, ServiceModel.Operation operation, ObjectNode request) {
    ServiceModel model = service.model();
    JsonNode read = Transcoder.inward(model).copy(operation.input(), request);
    Constraints.check(model, operation.input(), read);
    Handler handler = parts.handlers(service).get(operation.name());
    if (handler == null) {
      throw unknown(operation.name());
    }
    return Transcoder.outward(model).copy(operation.output(), handler.handle((ObjectNode) read));
  }

  private static ApiError unknown(String operation) {
    return new ApiError("UnknownOperationException", 400, "Unknown operation " + operation);
  }

  /** Orders a fault. */
  public void add(Fault fault) {
    context
        .time()
        .call(() -> {
          context.faults().add(fault);
          return true;
        });
  }

  /** Takes all faults away. */
  public void clearFaults() {
    context
        .time()
        .call(() -> {
          context.faults().clear();
          return true;
        });
  }

  /**
   * Sets a resource as it is wanted; it is made if it is not there. What was to happen to it no
   * longer does if the status is among the members.
   *
   * @param members as Describe gives them
   */
  public void put(Kind kind, String name, ObjectNode members) {
    context
        .time()
        .call(() -> {
          parts.put(kind, name, members.deepCopy());
          return true;
        });
  }

  /**
   * Sets what an endpoint has to do, and whether it is well.
   *
   * @param health {@code failing} until the next update, else {@code ok}
   * @param load members of {@code Load}; those not given stay as they are
   * @throws ApiError there is no such endpoint
   * @throws IllegalArgumentException a load has no such member
   */
  public void condition(String endpoint, String health, ObjectNode load) {
    context
        .time()
        .call(() -> {
          parts.condition(endpoint, health, load);
          return true;
        });
  }

  /**
   * Says what training jobs measure at their end.
   *
   * @param jobs what their names begin with
   * @param metrics values by name; null: it is not measured; others are left to chance
   */
  public void scores(String jobs, ObjectNode metrics) {
    context
        .time()
        .call(() -> {
          context.scores().put(jobs, metrics.deepCopy());
          return true;
        });
  }

  /**
   * Invokes an endpoint; it counts in its metrics.
   *
   * @return whether the answer is good
   * @throws ApiError the endpoint is not there or does not serve
   */
  public boolean invoke(String endpoint) {
    return context.time().call(() -> parts.invoke(endpoint));
  }

  /** Takes a value of a metric in, of any age. */
  public void metric(
      String namespace, String name, Map<String, String> dimensions, Instant at, double value) {
    context
        .time()
        .call(() -> {
          parts.metrics().put(namespace, name, dimensions, at, value);
          return true;
        });
  }

  /** The whole world, for people. */
  public ObjectNode view() {
    return context.time().call(() -> parts.view());
  }

  /** Every mutating call so far. */
  public List<Ledger.Entry> ledger() {
    return context.time().call(() -> context.ledger().entries());
  }

  /** Every change so far. */
  public List<History.Change> history() {
    return context.time().call(() -> context.history().changes());
  }

  Scheduler time() {
    return context.time();
  }
}
