package dev.weir.local.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.states.Tasks;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What models need beyond SageMaker: images in the account's registry, and roles. All that is asked
 * for is there until it is removed. Thread-safe.
 */
public final class ModelParts {
  private final Set<String> removed = ConcurrentHashMap.newKeySet();

  ModelParts() {}

  /**
   * Removes a part.
   *
   * @param name as in an ARN: {@code role/NAME}, {@code repository/NAME}, and for one image {@code
   *     repository/NAME:TAG} or {@code repository/NAME@DIGEST}
   */
  public void remove(String name) {
    removed.add(name);
  }

  /** Amazon ECR's DescribeImages of one image. */
  Tasks images() {
    return (call, reply) -> {
      String repository = call.arguments().path("RepositoryName").asText();
      JsonNode id = call.arguments().path("ImageIds").path(0);
      String image =
          id.has("ImageDigest")
              ? "@" + id.path("ImageDigest").asText()
              : ":" + id.path("ImageTag").asText();
      if (removed.contains("repository/" + repository)) {
        reply.accept(
            failed(
                "Ecr.RepositoryNotFoundException",
                "The repository with name '%s' does not exist in the registry"
                    .formatted(repository)));
      } else if (removed.contains("repository/" + repository + image)) {
        reply.accept(
            failed(
                "Ecr.ImageNotFoundException",
                "The image with imageId %s does not exist within the repository with name '%s'"
                    .formatted(id, repository)));
      } else {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.putArray("ImageDetails").addObject().put("RepositoryName", repository);
        reply.accept(new Tasks.Reply.Done(result));
      }
    };
  }

  /** IAM's GetRole. */
  Tasks roles() {
    return (call, reply) -> {
      String role = call.arguments().path("RoleName").asText();
      if (removed.contains("role/" + role)) {
        reply.accept(
            failed(
                "Iam.NoSuchEntityException",
                "The role with name %s cannot be found.".formatted(role)));
      } else {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.putObject("Role").put("RoleName", role);
        reply.accept(new Tasks.Reply.Done(result));
      }
    };
  }

  private static Tasks.Reply failed(String error, String cause) {
    return new Tasks.Reply.Failed(error, cause);
  }
}
