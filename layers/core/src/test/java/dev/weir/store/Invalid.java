package dev.weir.store;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** Refuses a request as DynamoDB does. */
final class Invalid {

  private Invalid() {}

  static AwsServiceException because(String message) {
    return DynamoDbException.builder()
        .message(message)
        .statusCode(400)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode("ValidationException").build())
        .build();
  }
}
