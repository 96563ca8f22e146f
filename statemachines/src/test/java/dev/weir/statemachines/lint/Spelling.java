package dev.weir.statemachines.lint;

import java.lang.reflect.Method;
import java.util.Arrays;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/** Names of members. */
final class Spelling {
  private Spelling() {}

  /**
   * A member's name in a state machine: in Pascal case, from the SDK's method for it ({@code Bool}
   * for {@code BOOL}), or from the API itself where the integration is an optimised one.
   */
  static String of(SdkPojo model, SdkField<?> field, Operation operation) {
    String name = field.memberName();
    String spelled =
        operation.resource().sdk()
            ? Arrays.stream(model.getClass().getMethods())
                .map(Method::getName)
                .filter(name::equalsIgnoreCase)
                .findFirst()
                .orElse(name)
            : name;
    return Character.toUpperCase(spelled.charAt(0)) + spelled.substring(1);
  }
}
