package dev.weir.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ItemCollectionSizeLimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;
import software.amazon.awssdk.services.dynamodb.model.RequestLimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/** DynamoDB's error replies as the SDK's exceptions. */
final class Faults {

  private static final JsonFactory JSON = new JsonFactory();

  private record Named(@Nullable String code, @Nullable String message) {}

  private Faults() {}

  /** The exception for a reply that is not a success; a body that cannot be read says nothing. */
  static AwsServiceException of(SdkHttpResponse head, byte[] body) {
    Named named = named(head, body);
    AwsServiceException.Builder fault = builder(named.code());
    if (fault instanceof SdkPojo fields && !fields.sdkFields().isEmpty()) {
      fill(fields, body);
    }
    return fault
        .statusCode(head.statusCode())
        .requestId(head.firstMatchingHeader("x-amzn-RequestId").orElse(null))
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .errorCode(named.code())
                .errorMessage(named.message())
                .serviceName("DynamoDb")
                .sdkHttpResponse(head)
                .rawResponse(SdkBytes.fromByteArrayUnsafe(body))
                .build())
        .build();
  }

  /** Whether another transaction was on an item; nothing was done, so it may be tried again. */
  static boolean isConflict(Throwable fault) {
    return fault instanceof TransactionConflictException
        || fault instanceof TransactionCanceledException cancelled
            && cancelled.cancellationReasons().stream()
                .anyMatch(reason -> "TransactionConflict".equals(reason.code()))
            && cancelled.cancellationReasons().stream()
                .noneMatch(reason -> "ConditionalCheckFailed".equals(reason.code()));
  }

  /** The errors of item operations that have a class of their own, and the class of all others. */
  private static AwsServiceException.Builder builder(@Nullable String code) {
    return switch (code) {
      case "ConditionalCheckFailedException" -> ConditionalCheckFailedException.builder();
      case "IdempotentParameterMismatchException" -> IdempotentParameterMismatchException.builder();
      case "InternalServerError" -> InternalServerErrorException.builder();
      case "ItemCollectionSizeLimitExceededException" ->
          ItemCollectionSizeLimitExceededException.builder();
      case "ProvisionedThroughputExceededException" ->
          ProvisionedThroughputExceededException.builder();
      case "ReplicatedWriteConflictException" -> ReplicatedWriteConflictException.builder();
      case "RequestLimitExceeded" -> RequestLimitExceededException.builder();
      case "ResourceNotFoundException" -> ResourceNotFoundException.builder();
      case "ThrottlingException" -> ThrottlingException.builder();
      case "TransactionCanceledException" -> TransactionCanceledException.builder();
      case "TransactionConflictException" -> TransactionConflictException.builder();
      case "TransactionInProgressException" -> TransactionInProgressException.builder();
      case null, default -> DynamoDbException.builder();
    };
  }

  private static void fill(SdkPojo fault, byte[] body) {
    try {
      Pojos.read(body, fault);
    } catch (IOException unreadable) {
      // The status and what could be read before must do.
    }
  }

  private static String afterHash(String type) {
    return type.substring(type.indexOf('#') + 1);
  }

  private static String beforeColon(String type) {
    int colon = type.indexOf(':');
    return colon < 0 ? type : type.substring(0, colon);
  }

  private static Named named(SdkHttpResponse head, byte[] body) {
    @Nullable String code = null;
    @Nullable String message = null;
    try (JsonParser in = JSON.createParser(body)) {
      in.nextToken();
      for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
        in.nextToken();
        switch (name) {
          case "__type" -> code = afterHash(in.getValueAsString(""));
          case "message", "Message" -> message = in.getValueAsString();
          default -> in.skipChildren();
        }
      }
    } catch (IOException unreadable) {
      // A proxy's page, say: the header may still name the error.
    }
    return new Named(
        head.firstMatchingHeader("x-amzn-ErrorType").map(Faults::beforeColon).orElse(code),
        message);
  }
}
