package dev.weir.local.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.World;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.states.Tasks;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tasks on one of the world's services. An error is named as the SDK for Java has a class for it
 * (Step Functions developer guide, "AWS SDK integrations"); one that the service's model does not
 * name is the service's own exception, told apart by its cause only.
 */
final class WorldTasks implements Tasks {
  private static final Set<String> MODELLED =
      Set.of(
          "ConflictException",
          "ResourceInUseException",
          "ResourceLimitExceededException",
          "ResourceNotFoundException",
          "ConcurrentUpdateException",
          "FailedResourceAccessException",
          "InternalServiceException",
          "InvalidNextTokenException",
          "LimitExceededException",
          "ObjectNotFoundException",
          "TooManyTagsException");

  private final World world;
  private final Service service;
  private final String prefix;

  WorldTasks(World world, Service service, String prefix) {
    this.world = world;
    this.service = service;
    this.prefix = prefix;
  }

  @Override
  public void call(Call call, Consumer<Reply> reply) {
    ObjectNode request = (ObjectNode) call.arguments();
    String operation = Operations.name(call.resource().action());
    reply.accept(
        switch (world.call(caller(call), service, operation, request)) {
          case dev.weir.local.sagemaker.Reply.Done(var result) -> new Reply.Done(result);
          case dev.weir.local.sagemaker.Reply.Refused(var error) -> failed(error);
          case dev.weir.local.sagemaker.Reply.Lost() -> new Reply.Lost();
        });
  }

  /** The execution's machine: who is to blame in the world's ledger. */
  private static String caller(Call call) {
    String[] arn = call.executionArn().split(":", -1);
    return arn[6] + "/" + arn[7];
  }

  private Reply failed(ApiError error) {
    String type = error.type();
    String named = type.endsWith("Exception") || type.endsWith("Fault") ? type : type + "Exception";
    boolean modelled =
        MODELLED.contains(named)
            || named.equals("ValidationException") && service == Service.AUTO_SCALING;
    String name = modelled ? named : prefix + "Exception";
    String cause =
        "%s (Service: %s, Status Code: %d, Request ID: local)"
            .formatted(error.message(), prefix, error.status());
    return new Reply.Failed(prefix + "." + name, cause);
  }
}
